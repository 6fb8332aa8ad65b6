using System.Diagnostics;
using Monitoring.Measuring;
using Monitoring.Tree;

namespace Monitoring.Peers.Workload;

/// <summary>Measures one peer: alerts while nothing else happens, the greatest load, and alerts under half of it.</summary>
internal sealed class PeerMeasurement(IPeer peer, PeersOptions options, Action<string> log)
{
    private const int TrialRounds = 2;
    private static readonly TimeSpan _trial = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan _rootLimit = TimeSpan.FromMinutes(1);

    private readonly TimeProvider _clock = TimeProvider.System;
    private readonly TreeShape _tree = new(options.Leaves);

    /// <summary>Runs all of it.</summary>
    public async Task<PeerResult> RunAsync(CancellationToken cancellationToken)
    {
        var load = new PeerLoad(peer, _tree, options.Batch, _clock);
        await load.BindAsync(cancellationToken);
        await using var probe = await PeerAlertProbe.OpenAsync(peer, _tree, _clock, cancellationToken);
        var isRight = await RootHoldsAsync(load.Sent + probe.Sent, cancellationToken);
        var connections = await FastestAsync(load, cancellationToken);

        log("alerts, idle");
        isRight &= await RootHoldsAsync(load.Sent + probe.Sent, cancellationToken);
        var idle = await probe.RunAsync(options.Alerts, options.AlertInterval, cancellationToken);

        log($"load over {connections} connection(s)");
        var cpuBefore = peer.CpuSeconds;
        var reached = await RunAsync(load, connections, TimeSpan.FromSeconds(options.Seconds), cancellationToken);
        isRight &= await RootHoldsAsync(load.Sent + probe.Sent, cancellationToken);
        var applied = reached.Points / Stopwatch.GetElapsedTime(reached.Began).TotalSeconds;
        var cpu = peer.CpuSeconds - cpuBefore;

        log("alerts at half of that load");
        using var until = new CancellationTokenSource();
        var half = load.RunAsync(connections, reached.PointsPerSecond / 2, until.Token, cancellationToken);
        var loaded = await probe.RunAsync(options.Alerts, options.AlertInterval, cancellationToken);
        await until.CancelAsync();
        await half;

        log("totals and disk");
        var sent = load.Sent + probe.Sent;
        isRight &= await RootHoldsAsync(sent, cancellationToken);
        isRight &= await StoresAsync(sent.Count, cancellationToken);
        var disk = await peer.MeasureDiskAsync(cancellationToken);
        return Result(connections, reached, applied, cpu, idle, loaded) with
        {
            BytesPerPoint = Math.Round((double)disk.Bytes / sent.Count, 2),
            TransientBytesPerPoint = disk.TransientBytes == 0 ? null : Math.Round((double)disk.TransientBytes / sent.Count, 2),
            BytesOf = disk.Meaning,
            IsTotalRight = isRight,
        };
    }

    private PeerResult Result(int connections, LoadResult reached, double applied, double cpu, Latencies idle, Latencies loaded) => new()
    {
        Name = peer.Name,
        Version = peer.Version,
        Connections = connections,
        PointsPerSecond = Math.Round(applied),
        AcknowledgedPerSecond = Math.Round(reached.PointsPerSecond),
        AlertMsP50 = idle.Percentile(0.5),
        AlertMsP99 = idle.Percentile(0.99),
        AlertLoadMsP50 = loaded.Percentile(0.5),
        AlertLoadMsP99 = loaded.Percentile(0.99),
        AlertsMissing = (2 * options.Alerts) - idle.Count - loaded.Count,
        CpuSeconds = Math.Round(cpu, 1),
        CpuUsPerPoint = Math.Round(cpu * 1e6 / reached.Points, 3),
    };

    private static async Task<LoadResult> RunAsync(PeerLoad load, int connections, TimeSpan duration, CancellationToken cancellationToken)
    {
        using var until = new CancellationTokenSource(duration);
        return await load.RunAsync(connections, pointsPerSecond: null, until.Token, cancellationToken);
    }

    /// <summary>Tries numbers of connections for a moment each, in turns, which also warms the peer up.</summary>
    private async Task<int> FastestAsync(PeerLoad load, CancellationToken cancellationToken)
    {
        var rates = peer.ConnectionsToTry.ToDictionary(connections => connections, _ => 0.0);
        for (var round = 0; round < TrialRounds; round++)
        {
            foreach (var connections in peer.ConnectionsToTry)
            {
                var tried = await RunAsync(load, connections, _trial, cancellationToken);
                rates[connections] += tried.PointsPerSecond / TrialRounds;
            }
        }

        log($"points/s by connections: {string.Join(", ", rates.Select(rate => $"{rate.Key}: {rate.Value:N0}"))}");
        return rates.MaxBy(rate => rate.Value).Key;
    }

    private async Task<bool> RootHoldsAsync(Totals sent, CancellationToken cancellationToken)
    {
        var began = Stopwatch.GetTimestamp();
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        double found;
        do
        {
            found = await peer.RootSumAsync(cancellationToken);
            if (found == sent.Sum)
            {
                return true;
            }
        }
        while (Stopwatch.GetElapsedTime(began) < _rootLimit && await timer.WaitForNextTickAsync(cancellationToken));

        log($"WRONG: the root holds {found}, sent was {sent.Sum}");
        return false;
    }

    private async Task<bool> StoresAsync(long sent, CancellationToken cancellationToken)
    {
        var stored = await peer.StoredPointsAsync(cancellationToken);
        if (stored != sent)
        {
            log($"WRONG: {stored:N0} points are stored, {sent:N0} were acknowledged");
        }

        return stored == sent;
    }
}
