using System.Collections.Concurrent;
using System.Diagnostics;
using System.Threading.Channels;
using Grpc.Core;
using Monitoring.Centres;
using Monitoring.Measuring;
using Monitoring.Protocol.V1;
using Monitoring.Pushing;

namespace Monitoring.Tree;

/// <summary>
/// Measures the time from a point that takes a parent over its threshold until the alert is on the watcher's stream. Such points are
/// due at fixed times, each on a parent that has no alert; another point later takes the parent back. While every parent has one, time
/// stands still for the probe.
/// </summary>
internal sealed class AlertProbe : IAsyncDisposable
{
    private const double Jump = 2 * TreeShape.Threshold;
    private static readonly TimeSpan _deliveryLimit = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan _look = TimeSpan.FromMilliseconds(20);

    private readonly TreeShape _tree;
    private readonly LoadStream _stream;
    private readonly AsyncServerStreamingCall<WatchAlertsResponse> _watch;
    private readonly TimeProvider _clock;
    private readonly Dictionary<string, int> _parents;
    private readonly ConcurrentDictionary<int, long> _scheduled = new();
    private readonly List<long> _deliveries = [];
    private readonly Channel<int> _calm = Channel.CreateUnbounded<int>();
    private readonly Channel<int> _alerted = Channel.CreateUnbounded<int>();
    private Latencies _latencies = new();

    private AlertProbe(LoadStream stream, AsyncServerStreamingCall<WatchAlertsResponse> watch, TreeShape tree, TimeProvider clock)
    {
        _tree = tree;
        _stream = stream;
        _watch = watch;
        _clock = clock;
        _parents = Enumerable.Range(0, tree.Parents).ToDictionary(tree.ParentPath, StringComparer.Ordinal);
        foreach (var parent in _parents.Values)
        {
            _calm.Writer.TryWrite(parent);
        }
    }

    /// <summary>Everything sent so far.</summary>
    public Totals Sent { get; private set; }

    /// <summary>
    /// When the point of each transition that arrived was due, 0 for an alert that ended; in the order of the department's log. Complete once
    /// <see cref="WaitForAllAsync"/> says so, and then not written to until the next run.
    /// </summary>
    public IReadOnlyList<long> Deliveries => _deliveries;

    /// <summary>Opens the probe's stream of points and its watch.</summary>
    public static async Task<AlertProbe> OpenAsync(MeasuredCentre centre, TreeShape tree, TimeProvider clock, CancellationToken cancellationToken)
    {
        var stream = await LoadStream.OpenAsync(centre.GrpcAddress, "load.probe", cancellationToken);
        var watch = await AlertWatches.OpenAsync(centre.Channel, cancellationToken);
        var probe = new AlertProbe(stream, watch, tree, clock);
        _ = probe.ReceiveAsync(cancellationToken);
        return probe;
    }

    /// <summary>Raises alerts one after the other, and takes each back once it was delivered; gives up when one does not come.</summary>
    /// <returns>Latencies of those that were delivered.</returns>
    public async Task<Latencies> RunAsync(int alerts, TimeSpan interval, CancellationToken cancellationToken)
    {
        var began = Stopwatch.GetTimestamp();
        var takenBack = 0;
        for (var step = 0; takenBack < alerts; step++)
        {
            var due = interval * step;
            var early = due - Stopwatch.GetElapsedTime(began);
            if (early > TimeSpan.Zero)
            {
                await Task.Delay(early, _clock, cancellationToken);

                // That a timer is late is not what is measured: all that follows is due later by as much.
                began = Stopwatch.GetTimestamp() - (long)(due.TotalSeconds * Stopwatch.Frequency);
            }

            if (step % 2 == 0 && step / 2 < alerts)
            {
                // When every parent has an alert, one has to be taken back before the next can be raised.
                var isFree = _calm.Reader.TryPeek(out _);
                if (!isFree && takenBack < step / 2 && !await TakeBackAsync())
                {
                    break;
                }

                if (await NextAsync(_calm, cancellationToken) is not { } parent)
                {
                    break;
                }

                // A lack of parents is the probe's, not what it measures: all that follows is due later by as much.
                var scheduled = began + (long)(due.TotalSeconds * Stopwatch.Frequency);
                var lack = isFree ? 0 : Math.Max(0, Stopwatch.GetTimestamp() - scheduled);
                (began, scheduled) = (began + lack, scheduled + lack);
                _scheduled[parent] = scheduled;
                await SendAsync(parent, Jump, scheduled, cancellationToken);
            }
            else if (step / 2 >= alerts || _alerted.Reader.TryPeek(out _))
            {
                if (!await TakeBackAsync())
                {
                    break;
                }
            }
        }

        await _stream.DrainAsync(cancellationToken);
        return Interlocked.Exchange(ref _latencies, new Latencies());

        async Task<bool> TakeBackAsync()
        {
            if (await NextAsync(_alerted, cancellationToken) is not { } parent)
            {
                return false;
            }

            await SendAsync(parent, -Jump, Stopwatch.GetTimestamp(), cancellationToken);
            takenBack++;
            return true;
        }
    }

    /// <summary>Waits, for a limited time, until every point that was sent has shown as a transition.</summary>
    /// <returns>How many have not.</returns>
    public async Task<long> WaitForAllAsync(CancellationToken cancellationToken)
    {
        var began = Stopwatch.GetTimestamp();
        while (_deliveries.Count < Sent.Count && Stopwatch.GetElapsedTime(began) < _deliveryLimit)
        {
            await Task.Delay(_look, _clock, cancellationToken);
        }

        return Sent.Count - _deliveries.Count;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stream.DisposeAsync();
        _watch.Dispose();
    }

    /// <summary>The next parent of a kind, or null when none comes in time.</summary>
    private static async Task<int?> NextAsync(Channel<int> parents, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(_deliveryLimit);
        try
        {
            return await parents.Reader.ReadAsync(limit.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }

    private async Task SendAsync(int parent, double value, long scheduled, CancellationToken cancellationToken)
    {
        var point = new Point
        {
            Indicator = TreeShape.Indicator,
            Path = _tree.LeafPath(_tree.FirstLeaf(parent)),
            TimeUnixMs = _clock.GetUtcNow().ToUnixTimeMilliseconds(),
            Value = value,
        };
        await _stream.RoomAsync(cancellationToken);
        await _stream.SendAsync(new MessageFrame(new PushRequest { Batch = new Batch { Points = { point } } }), scheduled, cancellationToken);
        Sent += new Totals(1, value);
    }

    private async Task ReceiveAsync(CancellationToken cancellationToken)
    {
        while (await _watch.ResponseStream.MoveNext(cancellationToken))
        {
            var now = Stopwatch.GetTimestamp();
            if (_watch.ResponseStream.Current.Event is not { Transition.Kind: var kind, Alert.Path: var path })
            {
                continue;
            }

            if (!_parents.TryGetValue(path, out var parent))
            {
                continue; // Of another level, while propagation is measured.
            }

            var isRaised = _scheduled.TryRemove(parent, out var scheduled);
            _deliveries.Add(isRaised ? scheduled : 0);
            if (kind == TransitionKind.Resolved)
            {
                _calm.Writer.TryWrite(parent);
            }
            else if (isRaised)
            {
                _latencies.Add(Stopwatch.GetElapsedTime(scheduled, now));
                _alerted.Writer.TryWrite(parent);
            }
        }
    }
}
