using Monitoring.History;
using Monitoring.Indicators;
using Monitoring.LatePoints;
using Monitoring.Partitions;
using Monitoring.RawPoints;

namespace Monitoring.Recovery;

/// <summary>Partitions in memory, by the contracts of their stores; lets nothing go for its age.</summary>
internal sealed class MemoryStore : IPartitionStore, ILateStore, IHistoryStore
{
    private readonly Dictionary<int, Shelf> _shelves = [];

    public Task<PartitionImage> LoadAsync(int partition, CancellationToken cancellationToken)
    {
        var shelf = Of(partition);
        return Task.FromResult(new PartitionImage(
            shelf.Entry, shelf.Header, [.. shelf.Nodes.Values.Select(node => node.Node)],
            [.. shelf.Journal.Select(entry => new StoredEntry(entry.Key, entry.Value))]));
    }

    public Task ClaimAsync(int partition, long epoch, long checkpointEntry, ReadOnlyMemory<byte> payload, CancellationToken cancellationToken)
    {
        var shelf = Of(partition);
        if (shelf.Journal.Keys.LastOrDefault() >= epoch || shelf.Epoch >= epoch || shelf.Entry != checkpointEntry)
        {
            throw new PartitionTakenOverException(partition, epoch);
        }

        shelf.Epoch = epoch;
        shelf.Journal.Add(epoch, payload.ToArray());
        return Task.CompletedTask;
    }

    public Task AppendAsync(int partition, long epoch, long sequence, ReadOnlyMemory<byte> payload, CancellationToken cancellationToken)
    {
        var shelf = Of(partition);
        if (shelf.Epoch != epoch || (shelf.Journal.ContainsKey(sequence) && sequence <= epoch))
        {
            throw new PartitionTakenOverException(partition, sequence);
        }

        shelf.Journal.TryAdd(sequence, payload.ToArray());
        return Task.CompletedTask;
    }

    public Task WriteCheckpointAsync(PartitionCheckpoint checkpoint, CancellationToken cancellationToken)
    {
        var shelf = Of(checkpoint.Partition);
        if (shelf.Epoch != checkpoint.Epoch || shelf.Entry > checkpoint.Entry)
        {
            throw new PartitionTakenOverException(checkpoint.Partition, checkpoint.Entry);
        }

        if (shelf.Entry < checkpoint.Entry)
        {
            shelf.Write(checkpoint);
        }

        return Task.CompletedTask;
    }

    public Task<NodeImage[]> LoadNodesAsync(int partition, IReadOnlyList<NodeLoad> nodes, CancellationToken cancellationToken) =>
        Task.FromResult<NodeImage[]>([.. nodes.Select(Of(partition).Load)]);

    public Task<IReadOnlyList<Bucket>> ReadBucketsAsync(
        NodeKey key, long resolution, long start, long end, CancellationToken cancellationToken)
    {
        var shelf = _shelves.Values.FirstOrDefault(shelf => shelf.Nodes.Values.Any(node => node.Node.Key.Equals(key)));
        var number = shelf?.Nodes.Values.First(node => node.Node.Key.Equals(key)).Node.Number;
        return Task.FromResult<IReadOnlyList<Bucket>>(
        [
            .. (shelf?.Rows ?? [])
                .Where(row => row.Key.Number == number && row.Key.Resolution == resolution && row.Key.Start >= start && row.Key.Start < end)
                .OrderBy(row => row.Key.Start)
                .Select(row => new Bucket { Start = row.Key.Start, Aggregate = row.Value }),
        ]);
    }

    public Task<IReadOnlyList<LatePoint>> ReadAsync(int partition, LateSelection selection, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<LatePoint>>(
            [.. Of(partition).Late.Values.Where(point => point.Id > selection.After).Take(selection.Limit)]);

    public Task<IReadOnlyList<LatePoint>> FindAsync(int partition, IReadOnlyList<LateId> ids, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<LatePoint>>([.. ids.Where(Of(partition).Late.ContainsKey).Select(id => Of(partition).Late[id])]);

    public Task<LateTrim> TrimAsync(int partition, long epoch, long receivedBefore, int maxKept, CancellationToken cancellationToken) =>
        Task.FromResult(default(LateTrim));

    public Task<int> TrimBucketsAsync(
        int partition, long epoch, IReadOnlyList<BucketTrim> trims, int maxOfEach, CancellationToken cancellationToken) => Task.FromResult(0);

    public Task<NodeHistory[]> LoadHistoryAsync(int partition, IReadOnlyList<HistoryLoad> loads, CancellationToken cancellationToken) =>
        Task.FromResult<NodeHistory[]>([.. loads.Select(Of(partition).Load)]);

    public Task<IReadOnlyList<Correction>> ListCorrectionsAsync(CorrectionQuery query, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    private Shelf Of(int partition)
    {
        if (!_shelves.TryGetValue(partition, out var shelf))
        {
            _shelves.Add(partition, shelf = new Shelf());
        }

        return shelf;
    }

    private sealed class Shelf
    {
        public long Epoch { get; set; }

        public long Entry { get; private set; }

        public byte[]? Header { get; private set; }

        public SortedDictionary<int, (StoredNode Node, byte[]? State)> Nodes { get; } = [];

        public Dictionary<(int Number, long Resolution, long Start), Aggregate> Rows { get; } = [];

        public SortedDictionary<LateId, LatePoint> Late { get; } = [];

        public SortedDictionary<(int Number, long Sequence), RawChunk> Chunks { get; } = [];

        public SortedDictionary<long, byte[]> Journal { get; } = [];

        public void Write(PartitionCheckpoint checkpoint)
        {
            (Entry, Header) = (checkpoint.Entry, checkpoint.Header);
            foreach (var changed in checkpoint.Nodes)
            {
                var (node, state, rows) = changed;
                foreach (var chunk in changed.Chunks)
                {
                    Chunks[(node.Number, chunk.Sequence)] = chunk;
                }

                if (state is not null || !Nodes.ContainsKey(node.Number))
                {
                    Nodes[node.Number] = (node, state);
                }
            }

            WriteBuckets(new BucketMerge(checkpoint.Nodes));

            foreach (var point in checkpoint.Late.Kept)
            {
                Late[point.Id] = point;
            }

            foreach (var id in checkpoint.Late.Reinjected)
            {
                Late[id] = Late[id] with { State = LateState.Reinjected };
            }

            foreach (var sequence in Journal.Keys.Where(sequence => sequence <= Entry).ToList())
            {
                Journal.Remove(sequence);
            }
        }

        private void WriteBuckets(BucketMerge merge)
        {
            foreach (var place in merge.Needed.ToList())
            {
                merge.OnStored(place, Rows.GetValueOrDefault((place.Number, place.Resolution, place.Start)));
            }

            var (rows, restated) = merge.Merge();
            foreach (var (place, aggregate) in rows)
            {
                Rows[(place.Number, place.Resolution, place.Start)] = aggregate;
            }

            foreach (var (place, fine) in restated)
            {
                Rows[(place.Number, place.Resolution, place.Start)] = Rows
                    .Where(row => row.Key.Number == place.Number && row.Key.Resolution == fine
                        && row.Key.Start >= place.Start && row.Key.Start < place.Start + place.Resolution)
                    .Aggregate(default(Aggregate), (whole, row) => Aggregate.Merge(whole, row.Value));
            }
        }

        public NodeHistory Load(HistoryLoad load) => new()
        {
            Buckets =
            [
                .. Rows
                    .Where(row => row.Key.Number == load.Number && load.Spans.Any(span => row.Key.Resolution == load.Resolution
                        ? row.Key.Start >= span.BucketsFrom && row.Key.Start < span.BucketsUntil
                        : row.Key.Start >= span.DaysFrom && row.Key.Start < span.DaysUntil))
                    .Select(row => new BucketRow
                    {
                        Resolution = row.Key.Resolution, Start = row.Key.Start, Aggregate = row.Value, IsAddition = false,
                    }),
            ],
            Chunks =
            [
                .. Chunks
                    .Where(chunk => chunk.Key.Number == load.Number && load.Spans.Any(span => chunk.Value.Overlaps(span.RawFrom, span.RawUntil)))
                    .Select(chunk => chunk.Value),
            ],
        };

        public NodeImage Load(NodeLoad node) => new()
        {
            State = Nodes.GetValueOrDefault(node.Number).State,
            Buckets =
            [
                .. Rows
                    .Where(row => row.Key.Number == node.Number
                        && ((row.Key.Resolution == node.Resolution && row.Key.Start >= node.From)
                            || (row.Key.Resolution == BucketRow.DayResolution && row.Key.Start >= node.DaysFrom)))
                    .Select(row => new BucketRow
                    {
                        Resolution = row.Key.Resolution, Start = row.Key.Start, Aggregate = row.Value, IsAddition = false,
                    }),
            ],
        };
    }
}
