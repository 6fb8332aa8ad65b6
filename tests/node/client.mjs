// A source and a department in one: streams points and watches the alerts that follow.
//
//   node client.mjs 127.0.0.1:8081 push SOURCE INDICATOR PATH VALUE...
//   node client.mjs 127.0.0.1:8081 watch DEPARTMENT [CURSOR]
import { fileURLToPath } from "node:url";
import grpc from "@grpc/grpc-js";
import loader from "@grpc/proto-loader";

const protos = fileURLToPath(new URL("../../gateway/Protos", import.meta.url));
const common = fileURLToPath(new URL("node_modules/protobufjs", import.meta.url)); // google/api/annotations.proto
const files = ["monitoring/v1/ingest.proto", "monitoring/v1/alerts.proto"];
const definition = loader.loadSync(files, { includeDirs: [protos, common], longs: Number, enums: String, defaults: false, oneofs: true });
const { monitoring } = grpc.loadPackageDefinition(definition);
const [address, command, ...rest] = process.argv.slice(2);
const credentials = grpc.credentials.createInsecure();
const retryMs = 500;

// Sends batches in order, at most a window ahead of their acknowledgement, and again from the last acknowledgement after a break.
// The batches live as long as this process; a source that must survive its own crash keeps unacknowledged batches on disk.
function push(source, batches) {
  const client = new monitoring.v1.Ingest(address, credentials);
  let first = 0; // Sequence of batches[0]: behind whatever the source sent in earlier runs.
  let acknowledged = 0;
  const isDone = () => first > 0 && acknowledged === first + batches.length - 1;

  const open = () => {
    const stream = client.Push();
    const bound = new Set(); // Handles last as long as the stream.
    let next = 0;
    let window = 0;
    let wait = retryMs;

    const send = () => {
      for (; next <= acknowledged + window && next < first + batches.length; next++) {
        const points = batches[next - first].map(({ indicator, path, ...point }) => {
          const isBound = bound.has(point.handle);
          bound.add(point.handle);
          return isBound ? point : { ...point, indicator, path };
        });
        stream.write({ batch: { sequence: next, points } });
      }
      if (isDone()) {
        stream.end();
      }
    };

    stream.on("data", ({ welcome, ack, reconnect }) => {
      if (welcome) {
        acknowledged = welcome.acknowledgedSequence ?? 0;
        first ||= (welcome.highestSequence ?? 0) + 1; // A new process kept nothing of what came before.
        acknowledged = Math.max(acknowledged, first - 1);
        next = acknowledged + 1;
        window = welcome.window;
        console.log(`welcome behind ${acknowledged}`);
        send();
      } else if (ack) {
        acknowledged = ack.sequence;
        console.log(`ack ${ack.sequence}: ${ack.accepted ?? 0} accepted, ${ack.duplicates ?? 0} duplicates`);
        for (const rejection of ack.rejections ?? []) {
          console.log(`rejected ${rejection.sequence}[${rejection.index ?? 0}]: ${rejection.reason} ${rejection.message}`);
        }
        send();
      } else if (reconnect) {
        wait = reconnect.retryAfterMs ?? 0;
        window = 0; // Only acknowledgements still come.
        stream.end();
      }
    });
    stream.on("error", (error) => console.error(error.message));
    stream.on("status", ({ code }) => {
      if (isDone() || code === grpc.status.INVALID_ARGUMENT) {
        process.exitCode = isDone() ? 0 : 1;
        client.close();
      } else {
        setTimeout(open, wait);
      }
    });
    stream.write({ hello: { source } });
  };
  open();
}

// Prints every transition of a department once; after a break it goes on behind the last cursor.
function watch(department, cursor) {
  const client = new monitoring.v1.Alerts(address, credentials);
  const open = () => {
    const stream = client.Watch({ departments: [department], ...(cursor ? { cursor } : { snapshot: true }) });
    stream.on("data", ({ event, snapshotComplete, heartbeat }) => {
      if (event) {
        const { indicator, path, rule, level, value, open } = event.alert;
        const kind = event.transition?.kind ?? (open ? "OPEN" : "RESOLVED");
        console.log(`${kind} ${level} ${indicator}/${path ?? ""} ${rule} value ${value} cursor ${event.cursor ?? ""}`);
      } else if (snapshotComplete) {
        console.log("watching");
      }
      cursor = (event ?? snapshotComplete ?? heartbeat).cursor || cursor;
    });
    stream.on("error", (error) => console.error(error.message));
    stream.on("status", () => setTimeout(open, retryMs));
  };
  open();
}

if (command === "push") {
  const [source, indicator, path, ...values] = rest;
  push(source, values.map((value) => [{ indicator, path, handle: 1, timeUnixMs: Date.now(), value: Number(value) }]));
} else if (command === "watch") {
  watch(...rest);
} else {
  console.error("usage: client.mjs HOST:PORT push SOURCE INDICATOR PATH VALUE... | watch DEPARTMENT [CURSOR]");
  process.exit(2);
}
