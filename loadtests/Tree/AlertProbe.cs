using System.Collections.Concurrent;
using System.Diagnostics;
using Grpc.Core;
using Monitoring.Measuring;
using Monitoring.Protocol.V1;

namespace Monitoring.Tree;

/// <summary>
/// Measures the time from a point that takes a parent over its threshold until the alert is on the watcher's stream. Points are sent
/// at fixed times; another one later takes the parent back.
/// </summary>
internal sealed class AlertProbe : IAsyncDisposable
{
    // Far enough apart that a parent's two points never fall into one batch of the engine.
    private const int MostStepsUp = 10;
    private const double Jump = 2 * TreeShape.Threshold;
    private static readonly TimeSpan _deliveryLimit = TimeSpan.FromSeconds(10);

    private readonly LoadStream _stream;
    private readonly AsyncServerStreamingCall<WatchAlertsResponse> _watch;
    private readonly TreeShape _tree;
    private readonly TimeProvider _clock;
    private readonly ConcurrentDictionary<string, long> _scheduled = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _delivered = new(0);
    private Latencies _latencies = new();

    private AlertProbe(LoadStream stream, AsyncServerStreamingCall<WatchAlertsResponse> watch, TreeShape tree, TimeProvider clock)
    {
        _stream = stream;
        _watch = watch;
        _tree = tree;
        _clock = clock;
    }

    /// <summary>Everything sent so far.</summary>
    public Totals Sent { get; private set; }

    /// <summary>Opens the probe's stream of points and its watch.</summary>
    public static async Task<AlertProbe> OpenAsync(ChannelBase channel, TreeShape tree, TimeProvider clock, CancellationToken cancellationToken)
    {
        var stream = await LoadStream.OpenAsync(new Ingest.IngestClient(channel), "load.probe", cancellationToken);
        var request = new WatchAlertsRequest { Departments = { TreeShape.Department }, Snapshot = true };
        var watch = new Alerts.AlertsClient(channel).Watch(request, cancellationToken: cancellationToken);
        while (await watch.ResponseStream.MoveNext(cancellationToken))
        {
            if (watch.ResponseStream.Current.SnapshotComplete is not null)
            {
                break;
            }
        }

        var probe = new AlertProbe(stream, watch, tree, clock);
        _ = probe.ReceiveAsync(cancellationToken);
        return probe;
    }

    /// <summary>Raises alerts one after the other and waits until they were delivered, for a limited time.</summary>
    /// <returns>Latencies of those that were.</returns>
    public async Task<Latencies> RunAsync(int alerts, TimeSpan interval, CancellationToken cancellationToken)
    {
        var began = Stopwatch.GetTimestamp();
        var stepsUp = Math.Min(MostStepsUp, _tree.Parents / 2);
        for (var step = 0; step < alerts + stepsUp; step++)
        {
            if (step < alerts)
            {
                var scheduled = await AtAsync(began, interval * 2 * step, cancellationToken);
                _scheduled[TreeShape.ParentPath(step % _tree.Parents)] = scheduled;
                await SendAsync(step, Jump, scheduled, cancellationToken);
            }

            if (step >= stepsUp)
            {
                var scheduled = await AtAsync(began, interval * ((2 * step) + 1), cancellationToken);
                await SendAsync(step - stepsUp, -Jump, scheduled, cancellationToken);
            }
        }

        await _stream.DrainAsync(cancellationToken);
        for (var delivered = 0; delivered < alerts; delivered++)
        {
            if (!await _delivered.WaitAsync(_deliveryLimit, cancellationToken))
            {
                break;
            }
        }

        return Interlocked.Exchange(ref _latencies, new Latencies());
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stream.DisposeAsync();
        _watch.Dispose();
        _delivered.Dispose();
    }

    private async Task<long> AtAsync(long began, TimeSpan due, CancellationToken cancellationToken)
    {
        var early = due - Stopwatch.GetElapsedTime(began);
        if (early > TimeSpan.Zero)
        {
            await Task.Delay(early, _clock, cancellationToken);
        }

        return began + (long)(due.TotalSeconds * Stopwatch.Frequency);
    }

    private async Task SendAsync(int step, double value, long scheduled, CancellationToken cancellationToken)
    {
        var point = new Point
        {
            Indicator = TreeShape.Indicator,
            Path = TreeShape.LeafPath(TreeShape.FirstLeaf(step % _tree.Parents)),
            TimeUnixMs = _clock.GetUtcNow().ToUnixTimeMilliseconds(),
            Value = value,
        };
        await _stream.RoomAsync(cancellationToken);
        await _stream.SendAsync(new PushRequest { Batch = new Batch { Points = { point } } }, scheduled, cancellationToken);
        Sent += new Totals(1, value);
    }

    private async Task ReceiveAsync(CancellationToken cancellationToken)
    {
        while (await _watch.ResponseStream.MoveNext(cancellationToken))
        {
            var now = Stopwatch.GetTimestamp();
            if (_watch.ResponseStream.Current.Event is { Transition.Kind: TransitionKind.Firing } fired
                && _scheduled.TryRemove(fired.Alert.Path, out var scheduled))
            {
                _latencies.Add(Stopwatch.GetElapsedTime(scheduled, now));
                _delivered.Release();
            }
        }
    }
}
