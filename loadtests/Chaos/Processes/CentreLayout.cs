using System.Collections.Immutable;
using System.Globalization;
using Monitoring.Chaos.Faults;
using Monitoring.Processes;
using Monitoring.Storage;

namespace Monitoring.Chaos.Processes;

/// <summary>The processes of a centre, none of which but the database runs yet.</summary>
/// <param name="Processes">In the order in which they start.</param>
/// <param name="Gateways">Where the gateways take gRPC.</param>
internal sealed record CentreLayout(ImmutableArray<ICentreProcess> Processes, ImmutableArray<Uri> Gateways)
{
    private const int PortsOfSilo = 3;
    private const int PortsOfGateway = 2;

    /// <summary>Lays out what is asked for.</summary>
    public static async Task<CentreLayout> CreateAsync(CentreRequest request)
    {
        var ports = new Queue<int>(FreePorts.Take(1 + (request.Silos * PortsOfSilo) + (request.Gateways * PortsOfGateway)));
        var processes = ImmutableArray.CreateBuilder<ICentreProcess>();
        var storage = $"--Storage:DataFolder={Path.Combine(request.Folder, "data")}";
        if (request.Storage == "postgresql")
        {
            var server = await PostgreSqlServer.StartAsync(ports.Dequeue());
            processes.Add(new PostgreSqlProcess(server, request.Folder));
            var database = await server.CreateDatabaseAsync();
            storage = request.Silos > 0 ? $"--Cluster:ConnectionString={database}" : $"--Storage:ConnectionString={database}";
        }

        for (var number = 1; number <= request.Silos; number++)
        {
            processes.Add(Silo(number, storage, ports, request.Folder));
        }

        var addresses = ImmutableArray.CreateBuilder<Uri>();
        for (var number = 1; number <= request.Gateways; number++)
        {
            var (web, grpc) = (ports.Dequeue(), ports.Dequeue());
            processes.Add(Gateway(number, storage, web, grpc, request.Folder));
            addresses.Add(Local(grpc, string.Empty));
        }

        return new CentreLayout(processes.ToImmutable(), addresses.ToImmutable());
    }

    private static DotnetProcess Silo(int number, string storage, Queue<int> ports, string folder)
    {
        var web = ports.Dequeue();
        return new DotnetProcess(
            ProcessRole.Silo,
            string.Create(CultureInfo.InvariantCulture, $"silo-{number}"),
            BuiltProgram.PathOf("silo", "Monitoring.Silo.dll"),
            Local(web, "/health/ready"),
            folder,
            [
                storage,
                string.Create(CultureInfo.InvariantCulture, $"--Silo:WebPort={web}"),
                string.Create(CultureInfo.InvariantCulture, $"--Cluster:SiloPort={ports.Dequeue()}"),
                string.Create(CultureInfo.InvariantCulture, $"--Cluster:GatewayPort={ports.Dequeue()}"),
            ]);
    }

    private static DotnetProcess Gateway(int number, string storage, int web, int grpc, string folder) => new(
        ProcessRole.Gateway,
        string.Create(CultureInfo.InvariantCulture, $"gateway-{number}"),
        BuiltProgram.PathOf("gateway", "Monitoring.Gateway.dll"),
        Local(web, "/health/ready"),
        folder,
        [
            storage,
            string.Create(CultureInfo.InvariantCulture, $"--Gateway:WebPort={web}"),
            string.Create(CultureInfo.InvariantCulture, $"--Gateway:GrpcPort={grpc}"),
        ]);

    private static Uri Local(int port, string path) => new(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}{path}"));
}
