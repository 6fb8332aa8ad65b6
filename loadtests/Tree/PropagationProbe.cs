using System.Diagnostics;
using System.Threading.Channels;
using Grpc.Core;
using Monitoring.Centres;
using Monitoring.Indicators;
using Monitoring.Measuring;
using Monitoring.Protocol.V1;
using Monitoring.Pushing;

namespace Monitoring.Tree;

/// <summary>
/// Measures how long a point takes to each level above its leaf. One point takes the leaf and all its ancestors over their thresholds, and
/// the alert of each arrives at one watch: what is measured is therefore the time until a level shows the point *and* its department's log
/// is durable and delivered. Only one point can be over the root's threshold, so each is sent, at a random leaf and after a random pause,
/// when the one before has been taken back everywhere. What it took counts for as long as that was: otherwise a slow time would count for
/// less than a quick one, in which more points are sent.
/// </summary>
internal sealed class PropagationProbe : IAsyncDisposable
{
    private const double Jump = 2 * TreeShape.Threshold;
    private const int WarmupPoints = 10;
    private static readonly TimeSpan _slot = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan _longestPause = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan _deliveryLimit = TimeSpan.FromSeconds(10);

    private readonly LoadStream _stream;
    private readonly AsyncServerStreamingCall<WatchAlertsResponse> _watch;
    private readonly TreeShape _tree;
    private readonly TimeProvider _clock;
    private readonly Random _random = new(1);
    private readonly Channel<(long At, TransitionKind Kind, string Path)> _events =
        Channel.CreateUnbounded<(long At, TransitionKind Kind, string Path)>(new UnboundedChannelOptions { SingleReader = true, SingleWriter = true });

    private PropagationProbe(LoadStream stream, AsyncServerStreamingCall<WatchAlertsResponse> watch, TreeShape tree, TimeProvider clock)
    {
        (_stream, _watch, _tree, _clock) = (stream, watch, tree, clock);
        Levels = NoLatencies();
    }

    /// <summary>Everything sent so far.</summary>
    public Totals Sent { get; private set; }

    /// <summary>Latencies of each level, leaves first.</summary>
    public Latencies[] Levels { get; private set; }

    /// <summary>Puts a rule on every level and opens a stream of points and a watch.</summary>
    public static async Task<PropagationProbe> OpenAsync(MeasuredCentre centre, TreeShape tree, TimeProvider clock, CancellationToken cancellationToken)
    {
        await TreeShape.ApplyAsync(centre.Channel, tree.DictionaryOfLevels, cancellationToken);
        var stream = await LoadStream.OpenAsync(centre.GrpcAddress, "load.propagation", cancellationToken);
        var watch = await AlertWatches.OpenAsync(centre.Channel, cancellationToken);
        var probe = new PropagationProbe(stream, watch, tree, clock);
        _ = probe.ReceiveAsync(cancellationToken);
        return probe;
    }

    /// <summary>Sends a few points whose latencies are thrown away.</summary>
    public async Task WarmUpAsync(CancellationToken cancellationToken)
    {
        await RunAsync(WarmupPoints, cancellationToken);
        Levels = NoLatencies();
    }

    /// <summary>Sends points and takes each back; gives up when one does not arrive at every level.</summary>
    /// <returns>How many are missing.</returns>
    public async Task<int> RunAsync(int points, CancellationToken cancellationToken)
    {
        for (var done = 0; done < points; done++)
        {
            var began = Stopwatch.GetTimestamp();
            await Task.Delay(_longestPause * _random.NextDouble(), _clock, cancellationToken);
            var leaf = _tree.LeafPath(_random.Next(_tree.Leaves));
            if (await PassAsync(leaf, Jump, TransitionKind.Firing, cancellationToken) is not { } latencies
                || await PassAsync(leaf, -Jump, TransitionKind.Resolved, cancellationToken) is null)
            {
                return points - done;
            }

            var weight = 1 + (int)(Stopwatch.GetElapsedTime(began) / _slot);
            foreach (var (level, latency) in latencies.Index())
            {
                Levels[level].Add(latency, weight);
            }
        }

        await _stream.DrainAsync(cancellationToken);
        return 0;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stream.DisposeAsync();
        _watch.Dispose();
    }

    /// <summary>Sends a point and waits until every level has told of it.</summary>
    /// <returns>How long each level took, leaves first; null when one did not tell in time.</returns>
    private async Task<TimeSpan[]?> PassAsync(string leaf, double value, TransitionKind kind, CancellationToken cancellationToken)
    {
        var point = new Point { Indicator = TreeShape.Indicator, Path = leaf, TimeUnixMs = _clock.GetUtcNow().ToUnixTimeMilliseconds(), Value = value };
        await _stream.RoomAsync(cancellationToken);
        var sent = Stopwatch.GetTimestamp();
        await _stream.SendAsync(new MessageFrame(new PushRequest { Batch = new Batch { Points = { point } } }), sent, cancellationToken);
        Sent += new Totals(1, value);

        var latencies = new TimeSpan[_tree.Depth];
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(_deliveryLimit);
        try
        {
            for (var told = 0; told < _tree.Depth;)
            {
                var (at, found, path) = await _events.Reader.ReadAsync(limit.Token);
                if (found == kind)
                {
                    latencies[LevelOf(path)] = Stopwatch.GetElapsedTime(sent, at);
                    told++;
                }
            }

            return latencies;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }

    private Latencies[] NoLatencies() => [.. Enumerable.Range(0, _tree.Depth).Select(_ => new Latencies())];

    /// <summary>Steps above the leaves.</summary>
    private int LevelOf(string path) => _tree.Depth - 1 - NodeKey.DepthOf(path);

    private async Task ReceiveAsync(CancellationToken cancellationToken)
    {
        while (await _watch.ResponseStream.MoveNext(cancellationToken))
        {
            var now = Stopwatch.GetTimestamp();
            if (_watch.ResponseStream.Current.Event is { Transition.Kind: var kind, Alert.Path: var path })
            {
                _events.Writer.TryWrite((now, kind, path));
            }
        }
    }
}
