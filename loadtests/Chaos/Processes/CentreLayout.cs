using System.Collections.Immutable;
using System.Globalization;
using Monitoring.Chaos.Faults;
using Monitoring.Chaos.Network;
using Monitoring.Processes;
using Monitoring.Storage;

namespace Monitoring.Chaos.Processes;

/// <summary>The processes of a centre, none of which but the database runs yet.</summary>
/// <param name="Processes">In the order in which they start.</param>
/// <param name="Gateways">Where the gateways take gRPC.</param>
/// <param name="Network">What joins them; null for the loopback address.</param>
internal sealed record CentreLayout(
    ImmutableArray<ICentreProcess> Processes, ImmutableArray<GatewayEndpoint> Gateways, CutNetwork? Network)
{
    private const int PortsOfSilo = 3;
    private const int PortsOfGateway = 2;

    /// <summary>Where SQLite keeps what is stored.</summary>
    public static string DataFolderOf(CentreRequest request) => Path.Combine(request.Folder, "data");

    /// <summary>Lays out what is asked for.</summary>
    /// <exception cref="UsageException">Silos are to be cut off, and this system cannot.</exception>
    public static async Task<CentreLayout> CreateAsync(CentreRequest request)
    {
        var network = request.HasCuts ? await CutNetwork.CreateAsync() : null;
        var processes = new List<ICentreProcess>();
        try
        {
            return await CreateAsync(request, network, processes);
        }
        catch
        {
            foreach (var process in processes)
            {
                await process.DisposeAsync();
            }

            if (network is not null)
            {
                await network.DisposeAsync();
            }

            throw;
        }
    }

    private static async Task<CentreLayout> CreateAsync(CentreRequest request, CutNetwork? network, List<ICentreProcess> processes)
    {
        var ports = new Queue<int>(FreePorts.Take(1 + (request.Silos * PortsOfSilo) + (request.Gateways * PortsOfGateway)));
        string[] arguments = [$"--Storage:DataFolder={DataFolderOf(request)}", .. request.Arguments];
        if (request.Storage == "postgresql")
        {
            var database = request.ConnectionString;
            if (database.Length == 0)
            {
                var server = await StartDatabaseAsync(network, ports.Dequeue());
                processes.Add(new PostgreSqlProcess(server, request.Folder));
                database = server.FirstDatabase;
            }

            arguments = [$"--{(request.Silos > 0 ? "Cluster" : "Storage")}:ConnectionString={database}", .. request.Arguments];
        }

        for (var number = 1; number <= request.Silos; number++)
        {
            var name = string.Create(CultureInfo.InvariantCulture, $"silo-{number}");
            processes.Add(Silo(name, await PlaceOfAsync(network, name), arguments, ports, request.Folder));
        }

        var gateways = ImmutableArray.CreateBuilder<GatewayEndpoint>();
        for (var number = 1; number <= request.Gateways; number++)
        {
            var name = string.Create(CultureInfo.InvariantCulture, $"gateway-{number}");
            var (place, web, grpc) = (await PlaceOfAsync(network, name), ports.Dequeue(), ports.Dequeue());
            processes.Add(Gateway(name, place, arguments, web, grpc, request.Folder));
            gateways.Add(new GatewayEndpoint(AddressOf(place, grpc, string.Empty), place));
        }

        return new CentreLayout([.. processes], gateways.ToImmutable(), network);
    }

    private static async Task<PostgreSqlServer> StartDatabaseAsync(CutNetwork? network, int port)
    {
        if (network is null)
        {
            return await PostgreSqlServer.StartAsync(port);
        }

        var place = await network.AddAsync("postgresql");
        return await PostgreSqlServer.StartAsync(port, place.Address.ToString(), [.. place.Launcher]);
    }

    private static async Task<Place> PlaceOfAsync(CutNetwork? network, string name) =>
        network is null ? Place.Loopback : await network.AddAsync(name);

    private static DotnetProcess Silo(string name, Place place, string[] arguments, Queue<int> ports, string folder)
    {
        var web = ports.Dequeue();
        return new DotnetProcess(
            ProcessRole.Silo,
            name,
            BuiltProgram.PathOf("silo", "Monitoring.Silo.dll"),
            place,
            AddressOf(place, web, "/health/ready"),
            folder,
            [
                .. arguments,
                $"--Silo:Address={place.Address}",
                string.Create(CultureInfo.InvariantCulture, $"--Silo:WebPort={web}"),
                $"--Cluster:Address={place.Address}",
                string.Create(CultureInfo.InvariantCulture, $"--Cluster:SiloPort={ports.Dequeue()}"),
                string.Create(CultureInfo.InvariantCulture, $"--Cluster:GatewayPort={ports.Dequeue()}"),
            ]);
    }

    private static DotnetProcess Gateway(string name, Place place, string[] arguments, int web, int grpc, string folder) => new(
        ProcessRole.Gateway,
        name,
        BuiltProgram.PathOf("gateway", "Monitoring.Gateway.dll"),
        place,
        AddressOf(place, web, "/health/ready"),
        folder,
        [
            .. arguments,
            $"--Gateway:Address={place.Address}",
            string.Create(CultureInfo.InvariantCulture, $"--Gateway:WebPort={web}"),
            string.Create(CultureInfo.InvariantCulture, $"--Gateway:GrpcPort={grpc}"),
        ]);

    private static Uri AddressOf(Place place, int port, string path) =>
        new(string.Create(CultureInfo.InvariantCulture, $"http://{place.Address}:{port}{path}"));
}
