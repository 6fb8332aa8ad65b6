using System.Diagnostics;
using Grpc.Net.Client;
using Monitoring.Gateway;
using Monitoring.Measuring;
using Monitoring.Protocol.V1;
using Monitoring.Storage;

namespace Monitoring.Tree;

/// <summary>The tree workload against a gateway with an embedded silo on an empty storage.</summary>
internal sealed class TreeScenario(TreeOptions options)
{
    private readonly TimeProvider _clock = TimeProvider.System;
    private readonly TreeShape _tree = new(options.Leaves);

    /// <summary>Runs it and prints the report.</summary>
    /// <returns>0 when the totals are right, otherwise 1.</returns>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        await using var server = options is { Storage: "postgresql", PostgreSql: "" } ? await PostgreSqlServer.StartAsync() : null;
        var connectionString = server is null ? options.PostgreSql : await server.CreateDatabaseAsync();
        await using var gateway = await GatewayProcess.StartAsync(cancellationToken, $"--Storage:ConnectionString={connectionString}");
        using var channel = GrpcChannel.ForAddress(gateway.GrpcAddress);
        await TreeShape.ApplyAsync(channel, TreeShape.Dictionary, cancellationToken);
        await using var probe = await AlertProbe.OpenAsync(channel, _tree, _clock, cancellationToken);
        var (streams, loads) = await OpenLoadsAsync(channel, cancellationToken);
        await DrainAsync(streams, cancellationToken);

        var interval = TimeSpan.FromMilliseconds(options.AlertIntervalMs);
        var idleAlerts = await probe.RunAsync(options.Alerts, interval, cancellationToken);

        var duration = TimeSpan.FromSeconds(options.Seconds);
        var before = ProcessUsage.Of(gateway.Id);
        var acknowledgedBefore = streams.Sum(stream => (long)stream.Acknowledged);
        var began = Stopwatch.GetTimestamp();
        await Task.WhenAll(loads.Select(load => load.RunAsync(duration, interval: null, cancellationToken)));
        var acks = await DrainAsync(streams, cancellationToken);
        var elapsed = Stopwatch.GetElapsedTime(began);
        var after = ProcessUsage.Of(gateway.Id);
        var batches = streams.Sum(stream => (long)stream.Acknowledged) - acknowledgedBefore;
        var pointsPerSecond = batches * options.Batch / elapsed.TotalSeconds;

        var drained = Stopwatch.GetTimestamp();
        var isRollUpRight = await RootTotals.HoldAsync(channel, TimeSpan.FromDays(1), SumOf(loads, probe), cancellationToken);
        var rollUp = Stopwatch.GetElapsedTime(drained);

        var loadedAlerts = await AlertsUnderLoadAsync(probe, loads, interval, pointsPerSecond, cancellationToken);
        var isCorrect = isRollUpRight && await RootTotals.HoldAsync(channel, TimeSpan.FromDays(1), SumOf(loads, probe), cancellationToken);
        var missing = options.Alerts - idleAlerts.Count + (options.AlertLoad ? options.Alerts - loadedAlerts.Count : 0);
        var usage = ProcessUsage.Of(gateway.Id);
        foreach (var stream in streams)
        {
            await stream.DisposeAsync();
        }

        var report = new TreeReport
        {
            Leaves = options.Leaves,
            Batch = options.Batch,
            Seconds = options.Seconds,
            Streams = options.Streams,
            Storage = options.Storage,
            PointsPerSecond = Math.Round(pointsPerSecond),
            AckMsP50 = acks.Percentile(0.5),
            AckMsP99 = acks.Percentile(0.99),
            AlertMsP50 = idleAlerts.Percentile(0.5),
            AlertMsP99 = idleAlerts.Percentile(0.99),
            AlertLoadMsP50 = loadedAlerts.Percentile(0.5),
            AlertLoadMsP99 = loadedAlerts.Percentile(0.99),
            AlertsMissing = missing,
            Cpu = Math.Round(after.CpuSeconds - before.CpuSeconds, 2),
            RssBytes = usage.PeakRssBytes,
            RollUpMs = Math.Round(rollUp.TotalMilliseconds),
            Correct = isCorrect && missing == 0,
        };
        Console.WriteLine(report.Text);
        if (!report.Correct)
        {
            Console.Error.WriteLine(gateway.Output);
        }

        return report.Correct ? 0 : 1;
    }

    private static Totals SumOf(IEnumerable<LeafLoad> loads, AlertProbe probe) =>
        loads.Aggregate(probe.Sent, (sum, load) => sum + load.Sent);

    private static async Task<Latencies> DrainAsync(IEnumerable<LoadStream> streams, CancellationToken cancellationToken)
    {
        var latencies = new Latencies();
        foreach (var stream in streams)
        {
            latencies.Add(await stream.DrainAsync(cancellationToken));
        }

        return latencies;
    }

    private async Task<(LoadStream[] Streams, LeafLoad[] Loads)> OpenLoadsAsync(GrpcChannel channel, CancellationToken cancellationToken)
    {
        var streams = new LoadStream[options.Streams];
        var loads = new LeafLoad[options.Streams];
        for (var index = 0; index < options.Streams; index++)
        {
            streams[index] = await LoadStream.OpenAsync(new Ingest.IngestClient(channel), $"load.{index + 1}", cancellationToken);
            if (options.Batch > streams[index].MaxBatchPoints)
            {
                throw new UsageException($"--batch is {options.Batch}, the gateway takes at most {streams[index].MaxBatchPoints} points");
            }

            loads[index] = new LeafLoad(streams[index], _tree, options.Batch, seed: index + 1, _clock);
            await loads[index].BindAsync(cancellationToken);
        }

        return (streams, loads);
    }

    private async Task<Latencies> AlertsUnderLoadAsync(
        AlertProbe probe, LeafLoad[] loads, TimeSpan interval, double pointsPerSecond, CancellationToken cancellationToken)
    {
        if (!options.AlertLoad)
        {
            return new Latencies();
        }

        var batchInterval = TimeSpan.FromSeconds(options.Batch * options.Streams / (pointsPerSecond / 2));
        var duration = (interval * 2 * options.Alerts) + TimeSpan.FromSeconds(1);
        var loading = Task.WhenAll(loads.Select(load => load.RunAsync(duration, batchInterval, cancellationToken)));
        var latencies = await probe.RunAsync(options.Alerts, interval, cancellationToken);
        await loading;
        return latencies;
    }
}
