using System.Collections.Concurrent;
using System.Diagnostics;
using System.Threading.Channels;
using Monitoring.Measuring;
using Monitoring.Tree;

namespace Monitoring.Peers.Workload;

/// <summary>
/// Measures the time from a point that takes a parent over its threshold until the alert reaches the watcher. Such points are due at
/// fixed times, each on a parent that has no alert; once the alert is there, another point takes the parent back.
/// </summary>
internal sealed class PeerAlertProbe : IAsyncDisposable
{
    private const double Jump = 2 * TreeShape.Threshold;
    private const int MaxBatchPoints = 1_000;
    private static readonly TimeSpan _deliveryLimit = TimeSpan.FromSeconds(30);

    // Longer than the interval of any peer's rules, which a start after an alert would otherwise keep step with.
    private static readonly TimeSpan _stagger = TimeSpan.FromSeconds(1);

    private readonly IPeer _peer;
    private readonly IBatchConnection _raising;
    private readonly IBatchConnection _takingBack;
    private readonly TimeProvider _clock;
    private readonly Random _random = new(1);
    private readonly ConcurrentDictionary<int, long> _scheduled = new();
    private readonly Channel<int> _calm = Channel.CreateUnbounded<int>(); // No more than there are parents.
    private readonly HashSet<int> _late = []; // Parents whose alert a run gave up.

    private PeerAlertProbe(IPeer peer, IBatchConnection raising, IBatchConnection takingBack, TreeShape tree, TimeProvider clock)
    {
        (_peer, _raising, _takingBack, _clock) = (peer, raising, takingBack, clock);
        for (var parent = 0; parent < tree.Parents; parent++)
        {
            _calm.Writer.TryWrite(parent);
        }
    }

    /// <summary>Everything acknowledged so far.</summary>
    public Totals Sent { get; private set; }

    /// <summary>Opens the probe's connections and sends a point of 0 of every leaf that it will use, so that the peer knows them all.</summary>
    public static async Task<PeerAlertProbe> OpenAsync(IPeer peer, TreeShape tree, TimeProvider clock, CancellationToken cancellationToken)
    {
        var probe = new PeerAlertProbe(
            peer, await peer.ConnectAsync(cancellationToken), await peer.ConnectAsync(cancellationToken), tree, clock);
        foreach (var leaves in Enumerable.Range(0, tree.Parents).Select(peer.ProbeLeaf).Chunk(MaxBatchPoints))
        {
            await probe._raising.SendAsync(leaves, new double[leaves.Length], cancellationToken);
        }

        probe.Sent = new Totals(tree.Parents, 0);
        return probe;
    }

    /// <summary>Raises alerts and takes each back once it was delivered; gives up when one does not come.</summary>
    /// <returns>Latencies of those that were delivered.</returns>
    public async Task<Latencies> RunAsync(int alerts, TimeSpan interval, CancellationToken cancellationToken)
    {
        using var done = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var takingBack = TakeBackAsync(alerts, done);
        var (raised, sum) = await RaiseAsync(alerts, interval, done.Token);
        done.CancelAfter(_deliveryLimit);
        var (latencies, takenBack) = await takingBack;
        cancellationToken.ThrowIfCancellationRequested();
        _late.UnionWith(_scheduled.Keys);
        _scheduled.Clear();
        Sent += new Totals(raised + takenBack, sum - (takenBack * Jump));
        return latencies;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _raising.DisposeAsync();
        await _takingBack.DisposeAsync();
    }

    private async Task<(int Raised, double Sum)> RaiseAsync(int alerts, TimeSpan interval, CancellationToken cancellationToken)
    {
        var began = Stopwatch.GetTimestamp();
        for (var number = 0; number < alerts; number++)
        {
            var due = interval * number;
            var early = due - Stopwatch.GetElapsedTime(began);
            if (early > TimeSpan.Zero)
            {
                await Task.Delay(early, _clock, cancellationToken);

                // That a timer is late is not what is measured.
                began = Stopwatch.GetTimestamp() - (long)(due.TotalSeconds * Stopwatch.Frequency);
            }

            var scheduled = began + (long)(due.TotalSeconds * Stopwatch.Frequency);
            if (!_calm.Reader.TryRead(out var parent))
            {
                // Every parent has an alert: the wait is not the peer's, so this probe starts later, out of step with the peer's timers.
                if (await NextCalmAsync(cancellationToken) is not { } next)
                {
                    return (number, number * Jump);
                }

                await Task.Delay(_stagger * _random.NextDouble(), _clock, cancellationToken);
                (parent, scheduled) = (next, Stopwatch.GetTimestamp());
            }

            _scheduled[parent] = scheduled;
            await _raising.SendAsync(new[] { _peer.ProbeLeaf(parent) }, new[] { Jump }, cancellationToken);
        }

        return (alerts, alerts * Jump);
    }

    private async Task<int?> NextCalmAsync(CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(_deliveryLimit);
        try
        {
            return await _calm.Reader.ReadAsync(limit.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }

    /// <summary>Takes parents back as their alerts come, until all have come and gone.</summary>
    private async Task<(Latencies Latencies, int TakenBack)> TakeBackAsync(int alerts, CancellationTokenSource done)
    {
        var (latencies, takenBack, resolved) = (new Latencies(), 0, 0);
        var open = new Dictionary<int, bool>(); // Parents that were taken back, and whether this run raised them.
        try
        {
            while (resolved < alerts)
            {
                var alert = await _peer.Alerts.ReadAsync(done.Token);
                var scheduled = 0L;
                var isRaised = alert.IsFiring && _scheduled.TryRemove(alert.Parent, out scheduled);
                if (!alert.IsFiring && open.Remove(alert.Parent, out var isOfRun))
                {
                    resolved += isOfRun ? 1 : 0;
                    _calm.Writer.TryWrite(alert.Parent);
                }
                else if (alert.IsFiring && (isRaised || _late.Remove(alert.Parent)))
                {
                    open[alert.Parent] = isRaised;
                    await _takingBack.SendAsync(new[] { _peer.ProbeLeaf(alert.Parent) }, new[] { -Jump }, CancellationToken.None);
                    takenBack++;
                    if (isRaised)
                    {
                        latencies.Add(Stopwatch.GetElapsedTime(scheduled, alert.ReceivedAt));
                    }
                }
            }
        }
        catch (OperationCanceledException) when (done.IsCancellationRequested)
        {
            // What has not come is missing.
        }

        return (latencies, takenBack);
    }
}
