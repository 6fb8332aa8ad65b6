using Monitoring.Dictionary;
using Monitoring.Infrastructure;
using Monitoring.Partitions;
using Monitoring.RawPoints;

namespace Monitoring.Indicators;

/// <summary>
/// A tree of nodes over several partitions in a few lines: merged deliveries in order between each pair of partitions, requests for shares,
/// and storage that nodes come back from.
/// </summary>
internal sealed class SimulatedTree(IndicatorDefinition definition, int partitions)
{
    private readonly SortedDictionary<string, SimulatedNode> _nodes = new(StringComparer.Ordinal);
    private readonly Dictionary<(int From, int To), Channel> _channels = [];
    private readonly List<Queue<ShareRequest>> _requests = [.. Enumerable.Range(0, partitions).Select(_ => new Queue<ShareRequest>())];
    private readonly long _resolution = (long)definition.Resolution.TotalMilliseconds;
    private long _entry;

    public IReadOnlyDictionary<string, SimulatedNode> Nodes => _nodes;

    public int Collections { get; private set; }

    public int Mismatches { get; private set; }

    /// <summary>One journal entry with points for one node.</summary>
    public void Send(string path, long at, IReadOnlyList<(long Time, double Value, bool IsCorrection)> points) => Apply(path, new NodeInput
    {
        Visit = Visit(),
        Number = 0,
        Round = Sample.Round(++_entry, at, new NodePart { PointCount = points.Count }, partitions) with
        {
            Times = [.. points.Select(point => point.Time)],
            Values = [.. points.Select(point => point.Value)],
            CorrectedBy = points.Any(point => point.IsCorrection) ? [.. points.Select(point => point.IsCorrection ? "source" : null)] : null,
        },
    });

    /// <summary>Delivers everything that waits between two partitions as one journal entry.</summary>
    public bool Deliver(int from, int to, long at)
    {
        if (!_channels.Remove((from, to), out var channel))
        {
            return false;
        }

        _entry++;
        foreach (var path in channel.Deltas.Keys.Concat(channel.Shares.Keys.Select(share => share.Path)).Distinct().Order(StringComparer.Ordinal))
        {
            var deltas = channel.Deltas.GetValueOrDefault(path)?.ToArray() ?? [];
            Apply(path, new NodeInput
            {
                Visit = Visit(),
                Number = 0,
                Round = Sample.Round(_entry, at, new NodePart { DeltaCount = deltas.Length }, partitions) with { Deltas = deltas },
                Shares = [.. channel.Shares.Where(share => share.Key.Path == path).Select(share => share.Value)],
            });
        }

        return true;
    }

    /// <summary>Lets a partition answer what it was asked.</summary>
    public bool Answer(int partition)
    {
        var any = false;
        while (_requests[partition].TryDequeue(out var request))
        {
            any = true;
            var total = _nodes.Values
                .Where(node => node.Partition == partition && Equals(node.Key.Parent(), request.Node))
                .Aggregate(default(Aggregate), (sum, node) => Aggregate.Merge(sum, node.Whole(_resolution, request.Start)));
            ChannelTo(partition, request.Node.Path).Shares[(request.Node.Path, request.Start)] =
                new BucketShare { Sender = partition, Start = request.Start, Round = request.Round, Aggregate = total };
        }

        return any;
    }

    /// <summary>Lets everything happen that is under way.</summary>
    public void Drain(long at)
    {
        for (var moved = true; moved;)
        {
            moved = false;
            for (var one = 0; one < partitions; one++)
            {
                moved |= Answer(one);
                for (var other = 0; other < partitions; other++)
                {
                    moved |= Deliver(one, other, at);
                }
            }
        }
    }

    private void Apply(string path, NodeInput input)
    {
        if (!_nodes.TryGetValue(path, out var node))
        {
            _nodes.Add(path, node = new SimulatedNode(new NodeKey(Sample.Node.Code, path), definition, partitions));
        }

        var outcome = node.Apply(input);
        Mismatches += outcome.Mismatches;
        foreach (var delta in outcome.Contributions)
        {
            var parent = node.Key.Parent()!.Path;
            var deltas = ChannelTo(node.Partition, parent).Deltas;
            if (!deltas.TryGetValue(parent, out var waiting))
            {
                deltas.Add(parent, waiting = new BucketDeltas(1));
            }

            waiting.Add(delta);
        }

        foreach (var collection in outcome.Collections.Where(collection => collection.IsOpen))
        {
            Collections++;
            _requests.ForEach(queue => queue.Enqueue(new ShareRequest { Node = node.Key, Start = collection.Start, Round = collection.Round }));
        }
    }

    private NodeVisit Visit() => new() { Epoch = 1, LastEntry = 0, Definition = definition };

    private Channel ChannelTo(int from, string path)
    {
        var to = new PartitionMap(partitions).PartitionOf(new NodeKey(Sample.Node.Code, path));
        if (!_channels.TryGetValue((from, to), out var channel))
        {
            _channels.Add((from, to), channel = new Channel());
        }

        return channel;
    }

    private sealed class Channel
    {
        public Dictionary<string, BucketDeltas> Deltas { get; } = new(StringComparer.Ordinal);

        public Dictionary<(string Path, long Start), BucketShare> Shares { get; } = [];
    }
}

/// <summary>A node of the tree and what is stored of it.</summary>
internal sealed class SimulatedNode(NodeKey key, IndicatorDefinition definition, int partitions)
{
    private readonly Dictionary<(long Resolution, long Start), Aggregate> _rows = [];
    private readonly List<RawChunk> _chunks = [];
    private NodeState _state = new(definition, new NodeRecord(), Sample.Image(), chunkPoints: 3);

    public NodeKey Key { get; } = key;

    public int Partition { get; } = new PartitionMap(partitions).PartitionOf(key);

    public NodeRecord Record => _state.ToStored();

    /// <summary>Stored buckets; whole after a checkpoint.</summary>
    public IReadOnlyDictionary<(long Resolution, long Start), Aggregate> Rows => _rows;

    public NodeOutcome Apply(NodeInput input)
    {
        var starts = NodeRestatement.Starts(input);
        return NodeCalculation.Apply(_state, Key, starts.Count == 0 ? input : input with { History = Load(starts) });
    }

    public void TakeCheckpoint()
    {
        foreach (var row in _state.TakeChanged(definition))
        {
            var place = (row.Resolution, row.Start);
            _rows[place] = row.IsAddition ? Aggregate.Merge(_rows.GetValueOrDefault(place), row.Aggregate) : row.Aggregate;
        }

        _chunks.AddRange(_state.TakeChunks());
    }

    /// <summary>Comes back from what is stored.</summary>
    public void Restart()
    {
        TakeCheckpoint();
        var record = _state.ToStored();
        var resolution = (long)definition.Resolution.TotalMilliseconds;
        var (from, daysFrom) = (NodeState.KeepFrom(definition, record.Clock), NodeState.KeepDaysFrom(definition, record.Clock));
        var kept = _rows.Where(row => row.Key.Start >= (row.Key.Resolution == resolution ? from : daysFrom)).Select(ToRow);
        _state = new NodeState(definition, record, Sample.Image([.. kept]), chunkPoints: 3);
    }

    /// <summary>A bucket with all its points, in memory and stored.</summary>
    public Aggregate Whole(long resolution, long start)
    {
        var whole = _rows.GetValueOrDefault((resolution, start));
        foreach (var row in _state.BucketsWithin(start, start + resolution))
        {
            whole = row.IsAddition ? Aggregate.Merge(whole, row.Aggregate) : row.Aggregate;
        }

        return whole;
    }

    private NodeHistory Load(IEnumerable<long> starts)
    {
        var resolution = (long)definition.Resolution.TotalMilliseconds;
        var spans = starts.Select(start => HistorySpan.ToRestate(definition, start)).ToList();
        return new NodeHistory
        {
            Buckets =
            [
                .. _rows.Where(row => spans.Any(span => row.Key.Resolution == resolution
                    ? row.Key.Start >= span.BucketsFrom && row.Key.Start < span.BucketsUntil
                    : row.Key.Start >= span.DaysFrom && row.Key.Start < span.DaysUntil)).Select(ToRow),
            ],
            Chunks = [.. _chunks.Where(chunk => spans.Any(span => chunk.Overlaps(span.RawFrom, span.RawUntil)))],
        };
    }

    private static BucketRow ToRow(KeyValuePair<(long Resolution, long Start), Aggregate> row) =>
        new() { Resolution = row.Key.Resolution, Start = row.Key.Start, Aggregate = row.Value, IsAddition = false };
}
