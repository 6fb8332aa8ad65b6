using System.Diagnostics;
using System.Globalization;
using Monitoring.Centres;
using Monitoring.Pushing;
using Monitoring.Reporting;
using Monitoring.Tree;

namespace Monitoring.Nodes;

/// <summary>
/// How much memory a resident node takes when the buckets of three periods are open, and how quickly stored nodes come back after a
/// restart.
/// </summary>
internal sealed class NodesScenario(NodesOptions options)
{
    private const int Periods = 3;
    private const int WarmupLeaves = 1_000;
    private const int MostEmptyGrains = 200_000;
    private static readonly TimeSpan _period = TimeSpan.FromHours(1); // Longer than the run, so that none of the three closes meanwhile.
    private static readonly TimeSpan _span = TimeSpan.FromDays(1);

    private readonly TreeShape _tree = new(options.Nodes);

    /// <summary>All runs that the options ask for.</summary>
    public Scenario Scenario => new(
        string.Create(CultureInfo.InvariantCulture, $"{_tree.Nodes} nodes with {Periods} open periods, {options.Run.Words}"),
        options.Run.Runs,
        options.Run.JsonFile,
        [
            ReportRow.Of("memory of a node, resident set", "bytes", "rss_bytes_per_node"),
            ReportRow.Of("memory of a node, heap alone", "bytes", "heap_bytes_per_node"),
            ReportRow.Of("resident set with all of them", "MiB", "rss_bytes", 0, 1_048_576),
            ReportRow.Of("new nodes", "/s", "created_per_second"),
            ReportRow.Of("restart until ready", "s", "restart_seconds", 1),
            ReportRow.Of("nodes activated after that", "/s", "activated_per_second"),
            ReportRow.Of("CPU of an activation", "us", "activation_cpu_us", 1),
            ReportRow.Of("disk of a node", "bytes", "disk_bytes_per_node"),
            ReportRow.Of("memory of an empty actor, heap", "bytes", "empty_bytes"),
            ReportRow.Of("empty actors activated", "/s", "empty_activated_per_second"),
        ],
        async cancellationToken =>
        {
            var empty = await EmptyActivations.MeasureAsync(Math.Min(options.Nodes, MostEmptyGrains), cancellationToken);
            var setup = options.Run.Centre with { Arguments = ["--Partitions:NodeIdleTime=05:00:00"] };
            return ReportText.NodeOf(await MeasuredCentre.MeasureAsync(
                setup, centre => MeasureAsync(centre, empty, cancellationToken), report => report.Correct, cancellationToken));
        });

    private async Task<NodesReport> MeasureAsync(MeasuredCentre centre, EmptyActivations emptyActors, CancellationToken cancellationToken)
    {
        await TreeShape.ApplyAsync(centre.Channel, _tree.DictionaryOf("*/*", "1h", "3h"), cancellationToken);

        // A few nodes first, so that what is measured is nodes and not the program's own growth.
        var warm = new TreeShape(Math.Min(WarmupLeaves, options.Nodes));
        var sent = await SendAsync(centre, warm, "nodes.warmup", cancellationToken);
        var isRight = await HoldsAsync(centre, sent, cancellationToken);
        var before = await ResidentMemory.ReadAsync(centre, cancellationToken);
        var empty = await centre.Storage.BytesAsync(cancellationToken);

        var began = Stopwatch.GetTimestamp();
        sent += await SendAsync(centre, _tree, "nodes.source", cancellationToken);
        isRight &= await HoldsAsync(centre, sent, cancellationToken);
        var creating = Stopwatch.GetElapsedTime(began);
        var after = await ResidentMemory.ReadAsync(centre, cancellationToken);
        var added = after.NodesActive - before.NodesActive;

        await centre.StopAsync(cancellationToken);
        var stored = await centre.Storage.BytesAsync(cancellationToken);
        began = Stopwatch.GetTimestamp();
        await centre.StartAgainAsync(cancellationToken);
        var restart = Stopwatch.GetElapsedTime(began);
        var cpu = centre.Cpu;
        began = Stopwatch.GetTimestamp();
        sent += await SendAsync(centre, _tree, "nodes.again", cancellationToken, periods: 1);
        isRight &= await HoldsAsync(centre, sent, cancellationToken);
        var activating = Stopwatch.GetElapsedTime(began);
        var activationCpu = (centre.Cpu - cpu).Centre;
        var active = (await centre.MetricsAsync(cancellationToken)).Sum("monitoring_nodes_active");
        isRight &= Expect("resident nodes", _tree.Nodes, after.NodesActive) & Expect("nodes resident after the restart", _tree.Nodes, active);
        return new NodesReport
        {
            Leaves = options.Nodes,
            Nodes = _tree.Nodes,
            Storage = options.Run.Centre.Storage,
            Processes = options.Run.Centre.Processes,
            RssBytesPerNode = Math.Round((double)(after.RssBytes - before.RssBytes) / added),
            HeapBytesPerNode = Math.Round((double)(after.HeapBytes - before.HeapBytes) / added),
            RssBytes = after.RssBytes,
            CreatedPerSecond = Math.Round(added / creating.TotalSeconds),
            RestartSeconds = Math.Round(restart.TotalSeconds, 2),
            ActivatedPerSecond = Math.Round(_tree.Nodes / activating.TotalSeconds),
            ActivationCpuUs = Math.Round(activationCpu * 1e6 / _tree.Nodes, 1),
            DiskBytesPerNode = Math.Round((double)(stored - empty) / _tree.Nodes),
            EmptyBytes = emptyActors.Bytes,
            EmptyActivatedPerSecond = emptyActors.PerSecond,
            Correct = isRight,
        };
    }

    private static bool Expect(string what, double expected, double found)
    {
        if (expected != found)
        {
            Console.Error.WriteLine($"{what}: {found}, expected {expected}");
        }

        return expected == found;
    }

    private static Task<bool> HoldsAsync(MeasuredCentre centre, Totals sent, CancellationToken cancellationToken) =>
        RootTotals.HoldAsync(centre.Channel, _span, sent, cancellationToken);

    /// <summary>Sends points of every leaf, one for each of the last periods.</summary>
    private static async Task<Totals> SendAsync(
        MeasuredCentre centre, TreeShape tree, string source, CancellationToken cancellationToken, int periods = Periods)
    {
        await using var stream = await LoadStream.OpenAsync(centre.GrpcAddress, source, cancellationToken);
        var load = new LeafLoad(stream, tree, new PointPool(tree.Leaves, stream.MaxBatchPoints, spreadMs: 0, seed: 1), first: 0, TimeProvider.System);
        await load.BindAsync(cancellationToken);
        for (var period = 1; period < periods; period++)
        {
            await load.SweepAsync(period * _period, cancellationToken);
        }

        await stream.DrainAsync(cancellationToken);
        return load.Sent;
    }
}
