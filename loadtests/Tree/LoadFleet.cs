using System.Diagnostics;
using Monitoring.Centres;
using Monitoring.Measuring;
using Monitoring.Pushing;

namespace Monitoring.Tree;

/// <summary>What a load with nothing held back reached.</summary>
/// <param name="Points">Points acknowledged.</param>
/// <param name="Elapsed">From the first batch to the last acknowledgement.</param>
/// <param name="Acks">From sending a batch to its acknowledgement.</param>
internal sealed record FullLoad(long Points, TimeSpan Elapsed, Latencies Acks)
{
    public double PointsPerSecond => Points / Elapsed.TotalSeconds;
}

/// <summary>All sources that push the load, each over a stream and a connection of its own.</summary>
internal sealed class LoadFleet : IAsyncDisposable
{
    private const int Seed = 1;
    private static readonly TimeSpan _settling = TimeSpan.FromSeconds(2);

    private readonly LeafLoad[] _loads;
    private readonly int _batchPoints;

    private LoadFleet(LeafLoad[] loads, int batchPoints) => (_loads, _batchPoints) = (loads, batchPoints);

    /// <summary>Everything sent so far.</summary>
    public Totals Sent => _loads.Aggregate(default(Totals), (sum, load) => sum + load.Sent);

    /// <summary>Opens the streams and sends one point of every leaf over each of them; returns when all is acknowledged.</summary>
    /// <exception cref="UsageException">The gateway does not take batches as large.</exception>
    public static async Task<LoadFleet> OpenAsync(
        MeasuredCentre centre, TreeShape tree, int streams, int batchPoints, TimeProvider clock, CancellationToken cancellationToken)
    {
        var pool = new PointPool(tree.Leaves, batchPoints, spreadMs: 0, Seed);
        var loads = new LeafLoad[streams];
        for (var index = 0; index < streams; index++)
        {
            var stream = await LoadStream.OpenAsync(centre.GrpcAddress, $"load.{index + 1}", cancellationToken);
            loads[index] = new LeafLoad(stream, tree, pool, pool.Count / streams * index, clock);
            if (batchPoints > stream.MaxBatchPoints)
            {
                throw new UsageException($"--batch is {batchPoints}, the gateway takes at most {stream.MaxBatchPoints} points");
            }
        }

        var fleet = new LoadFleet(loads, batchPoints);
        await Task.WhenAll(loads.Select(load => load.BindAsync(cancellationToken)));
        await fleet.DrainAsync(cancellationToken);
        return fleet;
    }

    /// <summary>Pushes as much as is taken, for a time.</summary>
    public async Task<FullLoad> RunAsync(TimeSpan duration, CancellationToken cancellationToken)
    {
        var before = Sent.Count;
        var began = Stopwatch.GetTimestamp();
        await Task.WhenAll(_loads.Select(load => Task.Run(() => load.RunAsync(duration, cancellationToken), cancellationToken)));
        var acks = await DrainAsync(cancellationToken);
        return new FullLoad(Sent.Count - before, Stopwatch.GetElapsedTime(began), acks);
    }

    /// <summary>Sends one point of every leaf for each of some times that lie back, over the first stream.</summary>
    public async Task SweepAsync(IEnumerable<TimeSpan> lags, CancellationToken cancellationToken)
    {
        foreach (var lag in lags)
        {
            await _loads[0].SweepAsync(lag, cancellationToken);
        }

        await DrainAsync(cancellationToken);
    }

    /// <summary>Measures something while points are pushed at a fixed rate.</summary>
    /// <param name="pointsPerSecond">The rate of all streams together.</param>
    /// <param name="measure">What is done meanwhile.</param>
    /// <param name="cancellationToken">Stops at once.</param>
    /// <returns>What was measured, and the rate that was reached: less when the gateway did not take as much.</returns>
    public async Task<(T Measured, double PointsPerSecond)> UnderAsync<T>(
        double pointsPerSecond, Func<Task<T>> measure, CancellationToken cancellationToken)
    {
        var before = Sent.Count;
        var began = Stopwatch.GetTimestamp();
        var interval = TimeSpan.FromSeconds(_batchPoints * _loads.Length / pointsPerSecond);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var loading = Task.WhenAll(_loads.Select((load, index) => Task.Run(
            () => load.RunPacedAsync(interval, interval * index / _loads.Length, stop.Token, cancellationToken), cancellationToken)));
        await Task.Delay(_settling, cancellationToken);
        var measured = await measure();
        await stop.CancelAsync();
        await loading;
        await DrainAsync(cancellationToken);
        return (measured, (Sent.Count - before) / Stopwatch.GetElapsedTime(began).TotalSeconds);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var load in _loads)
        {
            await load.Stream.DisposeAsync();
        }
    }

    private async Task<Latencies> DrainAsync(CancellationToken cancellationToken)
    {
        var latencies = new Latencies();
        foreach (var load in _loads)
        {
            latencies.Add(await load.Stream.DrainAsync(cancellationToken));
        }

        return latencies;
    }
}
