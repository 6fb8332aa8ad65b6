using Monitoring.Indicators;

namespace Monitoring.Micro;

/// <summary>
/// A node in memory, with all buckets of its period, that is told the same again and again. Now and then it gives its raw points and changed
/// buckets to a checkpoint, as the node of a partition does, so that it does not grow.
/// </summary>
internal sealed class RepeatedNode
{
    private const int CallsOfCheckpoint = 1_000;
    private const int ChunkPoints = 120;

    private readonly NodeMemory _memory;
    private readonly NodeInput _input;
    private int _calls;

    private RepeatedNode(NodeKey key, NodeRound round)
    {
        _memory = new NodeMemory(key, MicroTree.SerializerOf<NodeRecord>(), ChunkPoints);

        // The last entry that was applied is the last one of the round, so the round may come again.
        var visit = new NodeVisit { Epoch = 1, LastEntry = round.Entries.Length, Definition = MicroTree.Definition };
        _input = new NodeInput { Visit = visit, Round = round, Number = 0, PartCount = round.Parts.Length };
        _memory.Apply(_input with { Visit = visit with { Image = WholePeriod() } });
    }

    /// <summary>A leaf that is told points.</summary>
    public static RepeatedNode Leaf(int parts, int pointsOfEach)
    {
        var (_, times, values) = MicroTree.Points(seed: 1, leaves: 1);
        var round = RoundOf(parts, part => new NodePart
        {
            Entry = part,
            Order = part,
            PointStart = part * pointsOfEach,
            PointCount = pointsOfEach,
        });
        return new RepeatedNode(MicroTree.Leaf(0), round with { Times = times, Values = values });
    }

    /// <summary>A parent that is told contributions, each of one point and all in one bucket.</summary>
    public static RepeatedNode Parent(int parts, int deltasOfEach)
    {
        var round = RoundOf(parts, part => new NodePart
        {
            Entry = part,
            Order = part,
            DeltaStart = part * deltasOfEach,
            DeltaCount = deltasOfEach,
        });
        return new RepeatedNode(MicroTree.Parent(0), round with { Deltas = MicroTree.Contributions() });
    }

    /// <summary>Applies the round once more.</summary>
    public NodeOutcome Apply()
    {
        if (++_calls % CallsOfCheckpoint == 0)
        {
            _memory.TakeCheckpoint(_input.Visit);
        }

        return _memory.Apply(_input);
    }

    private static NodeRound RoundOf(int parts, Func<int, NodePart> partOf) => new()
    {
        Partition = 0,
        PartitionCount = 1,
        DictionaryVersion = MicroTree.Dictionary.Version,
        Entries = [.. Enumerable.Range(1, parts).Select(sequence => new RoundEntry(sequence, MicroTree.Start + (MicroTree.Resolution / 2)))],
        Parts = [.. Enumerable.Range(0, parts).Select(partOf)],
    };

    private static NodeImage WholePeriod() => new()
    {
        State = null,
        Buckets =
        [
            .. Enumerable.Range(0, MicroTree.PeriodBuckets).Select(age => MicroTree.Start - (age * MicroTree.Resolution)).Select(start => new BucketRow
            {
                Resolution = MicroTree.Resolution,
                Start = start,
                Aggregate = new Aggregate(start, 1),
                IsAddition = false,
            }),
        ],
    };
}
