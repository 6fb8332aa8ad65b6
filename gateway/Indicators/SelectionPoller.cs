using System.Collections.Immutable;
using Grpc.Core;
using Monitoring.Gateway.Hosting;
using Monitoring.Indicators;
using Monitoring.Partitions;

namespace Monitoring.Gateway.Indicators;

/// <summary>
/// Reads one selection again and again for all who watch it, as often as the most impatient of them wants. Holds each node once,
/// as it stood last; so watchers cost nothing while they are slow.
/// </summary>
internal sealed partial class SelectionPoller : ISharedSource
{
    private readonly NodeSelection _selection;
    private readonly NodeReader _reader;
    private readonly IndicatorQueryOptions _options;
    private readonly TimeProvider _clock;
    private readonly ILogger<SelectionPoller> _logger;
    private readonly Lock _gate = new();
    private readonly Dictionary<NodeKey, (NodeReading Reading, long Round)> _nodes = [];
    private readonly Dictionary<WakeSignal, TimeSpan> _watchers = [];
    private readonly WakeSignal _wake = new();
    private readonly CancellationTokenSource _closing = new();
    private readonly Task _loop;
    private ImmutableArray<NodeKey> _keys = [];
    private List<NodeReading> _latest = [];
    private long _round;
    private Exception? _failure;

    public SelectionPoller(
        NodeSelection selection, NodeReader reader, IndicatorQueryOptions options, TimeProvider clock, ILogger<SelectionPoller> logger)
    {
        _selection = selection;
        _reader = reader;
        _options = options;
        _clock = clock;
        _logger = logger;
        _loop = RunAsync(_closing.Token);
    }

    /// <summary>True when it gave up; who wants to watch then needs a new one.</summary>
    public bool HasFailed
    {
        get
        {
            lock (_gate)
            {
                return _failure is not null;
            }
        }
    }

    public void Attach(WakeSignal watcher, TimeSpan interval)
    {
        lock (_gate)
        {
            _watchers.Add(watcher, interval);
        }

        watcher.Set();
        _wake.Set();
    }

    public void Detach(WakeSignal watcher)
    {
        lock (_gate)
        {
            _watchers.Remove(watcher);
        }
    }

    /// <summary>Adds the nodes that changed behind a round, each as it stands now.</summary>
    /// <param name="round">Round the watcher has seen, from 0; afterwards the present one. It stays 0 until the first is done.</param>
    /// <param name="changed">Where to add them.</param>
    /// <returns>How many rounds in between the watcher does not see, since newer ones came before it looked.</returns>
    public long Collect(ref long round, Dictionary<NodeKey, NodeReading> changed)
    {
        lock (_gate)
        {
            if (_failure is { } failure)
            {
                throw failure is RpcException known
                    ? new RpcException(known.Status)
                    : new TimeoutException("The nodes could not be read.", failure);
            }

            if (round == _round)
            {
                return 0;
            }

            if (round == _round - 1)
            {
                foreach (var reading in _latest)
                {
                    changed[reading.Key] = reading;
                }
            }
            else
            {
                foreach (var (key, node) in _nodes)
                {
                    if (node.Round > round)
                    {
                        changed[key] = node.Reading;
                    }
                }
            }

            var skipped = round == 0 ? 0 : _round - round - 1;
            round = _round;
            return skipped;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        await _loop;
        _closing.Dispose();
    }

    private async Task RunAsync(CancellationToken cancellationToken)
    {
        long? failingSince = null;
        long? searchedAt = null;
        try
        {
            while (true)
            {
                try
                {
                    if (searchedAt is null || _clock.GetElapsedTime(searchedAt.Value) >= _options.NewNodesInterval)
                    {
                        _keys = await SearchAsync(cancellationToken);
                        searchedAt = _clock.GetTimestamp();
                    }

                    Publish(await _reader.ReadAsync(_keys, cancellationToken));
                    failingSince = null;
                }
                catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
                {
                    // A partition that moves answers again soon; watchers are told only when it takes too long.
                    failingSince ??= _clock.GetTimestamp();
                    LogUnreadable(_selection.Code, exception);
                    if (exception is RpcException || _clock.GetElapsedTime(failingSince.Value) >= _options.RetryLimit)
                    {
                        Fail(exception);
                        return;
                    }
                }

                await _wake.WaitAsync(Interval(), _clock, cancellationToken);
            }
        }
        catch (Exception) when (cancellationToken.IsCancellationRequested)
        {
            // Nobody watches any more; a call under way may end by what cut it off instead of by the cancellation.
        }
    }

    private async Task<ImmutableArray<NodeKey>> SearchAsync(CancellationToken cancellationToken)
    {
        var depth = NodeKey.DepthOf(_selection.PathPrefix);
        if (_selection.MinDepth <= depth && _selection.MaxDepth == depth)
        {
            return [new NodeKey(_selection.Code, _selection.PathPrefix)];
        }

        var keys = await _reader.ListKeysAsync(_selection with { Limit = _options.MaxNodes + 1 }, cancellationToken);
        return keys.Length > _options.MaxNodes
            ? throw RpcErrors.Invalid(
                $"the selection of '{_selection.Code}' matches more than the {_options.MaxNodes} nodes that are allowed; "
                + "narrow its path or levels")
            : keys;
    }

    private void Publish(ImmutableArray<NodeReading> readings)
    {
        var changed = new List<NodeReading>();
        lock (_gate)
        {
            foreach (var reading in readings)
            {
                if (!_nodes.TryGetValue(reading.Key, out var before) || NodeChange.IsChange(before.Reading, reading))
                {
                    _nodes[reading.Key] = (reading, _round + 1);
                    changed.Add(reading);
                }
            }

            if (changed.Count == 0 && _round > 0)
            {
                return;
            }

            _round++;
            _latest = changed;
            WakeWatchers();
        }
    }

    private void Fail(Exception exception)
    {
        lock (_gate)
        {
            _failure = exception;
            WakeWatchers();
        }
    }

    private void WakeWatchers()
    {
        foreach (var watcher in _watchers.Keys)
        {
            watcher.Set();
        }
    }

    private TimeSpan Interval()
    {
        lock (_gate)
        {
            var shortest = _options.DefaultInterval;
            var isFirst = true;
            foreach (var interval in _watchers.Values)
            {
                shortest = isFirst || interval < shortest ? interval : shortest;
                isFirst = false;
            }

            return shortest;
        }
    }
}
