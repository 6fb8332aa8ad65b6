using Monitoring.Indicators;

namespace Monitoring.Partitions;

/// <summary>
/// The packed form of journal entries. Layout: format byte, time, nodes that the entry creates (code, path), items. Integers are
/// variable-length (7 bits a byte, signed ones zigzag), doubles 8 bytes little-endian; times of points are stored as differences.
/// </summary>
internal static class JournalCodec
{
    private const byte Format = 1;

    private enum Tag : byte
    {
        Claimed = 1,
        Dictionary = 2,
        Sender = 3,
        Tick = 4,
        Points = 5,
        Contributions = 6,
        Late = 16,
        Reinjected = 17,
        CorrectedPoints = 32,
        Restatements = 33,
        SharesRequested = 34,
        Refused = 48,
    }

    /// <summary>Packs an entry.</summary>
    /// <param name="entry">The entry.</param>
    /// <param name="firstNewNode">Number of the first node that the entry creates.</param>
    /// <param name="nodes">All nodes, those that the entry creates included.</param>
    /// <param name="writer">Where to; is cleared first.</param>
    public static void Encode(JournalEntry entry, int firstNewNode, NodeTable nodes, PackedWriter writer)
    {
        writer.Clear();
        writer.WriteByte(Format);
        writer.WriteSigned(entry.At);
        writer.WriteUnsigned((ulong)(nodes.Count - firstNewNode));
        for (var number = firstNewNode; number < nodes.Count; number++)
        {
            writer.WriteText(nodes[number].Key.Code);
            writer.WriteText(nodes[number].Key.Path);
        }

        writer.WriteUnsigned((ulong)entry.Items.Count);
        foreach (var item in entry.Items)
        {
            EncodeItem(item, writer);
        }
    }

    /// <summary>Unpacks an entry and adds the nodes it created, unless they are known.</summary>
    /// <exception cref="InvalidDataException">The payload is not of a known format.</exception>
    public static JournalEntry Decode(StoredEntry stored, NodeTable nodes)
    {
        var reader = new PackedReader(stored.Payload);
        var format = reader.ReadByte();
        if (format != Format)
        {
            throw new InvalidDataException($"Journal entry {stored.Sequence} has format {format}; this version reads format {Format}.");
        }

        var at = reader.ReadSigned();
        for (var count = reader.ReadUnsigned(); count > 0; count--)
        {
            // Checkpoints of earlier versions hold nodes whose entry they do not cover.
            var code = reader.ReadText();
            var key = new NodeKey(code, reader.ReadText());
            if (!nodes.TryFind(key, out _))
            {
                nodes.Add(key);
            }
        }

        var nodeCount = nodes.Count;
        var items = new JournalItem[reader.ReadUnsigned()];
        for (var index = 0; index < items.Length; index++)
        {
            items[index] = DecodeItem(ref reader, nodes);
        }

        return new JournalEntry(stored.Sequence, at, items) { Size = stored.Payload.Length, NodeCount = nodeCount };
    }

    private static void EncodeItem(JournalItem item, PackedWriter writer)
    {
        switch (item)
        {
            case PointsItem { Corrections: { } corrections } points:
                writer.WriteByte((byte)Tag.CorrectedPoints);
                EncodePoints(points, writer);
                RestatementCodec.EncodeCorrections(corrections, writer);
                break;
            case PointsItem points:
                writer.WriteByte((byte)Tag.Points);
                EncodePoints(points, writer);
                break;
            case ContributionsItem contributions:
                var isRestating = contributions.IsRestating;
                writer.WriteByte((byte)(isRestating ? Tag.Restatements : Tag.Contributions));
                EncodeContributions(contributions, writer);
                if (isRestating)
                {
                    RestatementCodec.EncodeRestatements(contributions, writer);
                }

                break;
            case RefusedItem refused:
                writer.WriteByte((byte)Tag.Refused);
                EncodeRefused(refused, writer);
                break;
            case SharesRequestedItem requested:
                writer.WriteByte((byte)Tag.SharesRequested);
                RestatementCodec.Encode(requested, writer);
                break;
            case LateItem late:
                writer.WriteByte((byte)Tag.Late);
                LateCodec.Encode(late, writer);
                break;
            case ReinjectedItem reinjected:
                writer.WriteByte((byte)Tag.Reinjected);
                LateCodec.Encode(reinjected, writer);
                break;
            case SenderItem sender:
                writer.WriteByte((byte)Tag.Sender);
                writer.WriteUnsigned((ulong)sender.Sender);
                writer.WriteUnsigned((ulong)sender.Epoch);
                break;
            case DictionaryItem dictionary:
                writer.WriteByte((byte)Tag.Dictionary);
                writer.WriteUnsigned((ulong)dictionary.Version);
                break;
            case TickItem:
                writer.WriteByte((byte)Tag.Tick);
                break;
            case ClaimedItem:
                writer.WriteByte((byte)Tag.Claimed);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(item), item, "Not a journal item.");
        }
    }

    private static JournalItem DecodeItem(ref PackedReader reader, NodeTable nodes) => (Tag)reader.ReadByte() switch
    {
        Tag.Points => DecodePoints(ref reader, nodes),
        Tag.Contributions => DecodeContributions(ref reader, nodes),
        Tag.Late => LateCodec.DecodeLate(ref reader, nodes),
        Tag.Reinjected => LateCodec.DecodeReinjected(ref reader, nodes),
        Tag.CorrectedPoints => DecodeCorrectedPoints(ref reader, nodes),
        Tag.Restatements => RestatementCodec.DecodeRestatements(ref reader, DecodeContributions(ref reader, nodes), nodes),
        Tag.SharesRequested => RestatementCodec.DecodeRequests(ref reader),
        Tag.Refused => DecodeRefused(ref reader),
        Tag.Sender => new SenderItem((int)reader.ReadUnsigned(), (long)reader.ReadUnsigned()),
        Tag.Dictionary => new DictionaryItem((long)reader.ReadUnsigned()),
        Tag.Tick => new TickItem(),
        Tag.Claimed => new ClaimedItem(),
        var tag => throw new InvalidDataException($"A journal entry holds an item of unknown kind {tag}."),
    };

    private static void EncodePoints(PointsItem item, PackedWriter writer)
    {
        writer.WriteText(item.Source);
        writer.WriteUnsigned((ulong)item.Epoch);
        writer.WriteUnsigned((ulong)item.Sequence);
        PointColumnsCodec.Encode(item.Slots, item.Times, item.Values, writer);
    }

    private static PointsItem DecodePoints(ref PackedReader reader, NodeTable nodes)
    {
        var source = reader.ReadText();
        var epoch = (long)reader.ReadUnsigned();
        var sequence = (long)reader.ReadUnsigned();
        var (slots, times, values) = PointColumnsCodec.Decode(ref reader, nodes);
        return new PointsItem(source, epoch, sequence, slots, times, values);
    }

    private static PointsItem DecodeCorrectedPoints(ref PackedReader reader, NodeTable nodes)
    {
        var points = DecodePoints(ref reader, nodes);
        return points with { Corrections = RestatementCodec.DecodeCorrections(ref reader, points.Slots.Length) };
    }

    private static void EncodeRefused(RefusedItem item, PackedWriter writer)
    {
        writer.WriteText(item.Source);
        writer.WriteUnsigned((ulong)item.Sequence);
        foreach (var positions in (int[][])[item.Unknown, item.Overdue, item.Excess])
        {
            writer.WriteUnsigned((ulong)positions.Length);
            foreach (var position in positions)
            {
                writer.WriteUnsigned((ulong)position);
            }
        }
    }

    private static RefusedItem DecodeRefused(ref PackedReader reader)
    {
        var source = reader.ReadText();
        var sequence = (long)reader.ReadUnsigned();
        var unknown = DecodePositions(ref reader);
        var overdue = DecodePositions(ref reader);
        return new RefusedItem(source, sequence, unknown, overdue, DecodePositions(ref reader));
    }

    private static int[] DecodePositions(ref PackedReader reader)
    {
        var positions = new int[reader.ReadUnsigned()];
        for (var index = 0; index < positions.Length; index++)
        {
            positions[index] = (int)reader.ReadUnsigned();
        }

        return positions;
    }

    private static void EncodeContributions(ContributionsItem item, PackedWriter writer)
    {
        writer.WriteUnsigned((ulong)item.Sender);
        writer.WriteUnsigned((ulong)item.Epoch);
        writer.WriteUnsigned((ulong)item.Entry);
        writer.WriteSigned(item.OldestAcceptedAt);
        PointColumnsCodec.EncodeSlots(item.Slots, writer);
        var previous = 0L;
        foreach (ref readonly var delta in item.Deltas.AsSpan())
        {
            writer.WriteSigned(delta.Start - previous);
            previous = delta.Start;
            writer.WriteAggregate(delta.Added, delta.Start);
        }
    }

    private static ContributionsItem DecodeContributions(ref PackedReader reader, NodeTable nodes)
    {
        var sender = (int)reader.ReadUnsigned();
        var epoch = (long)reader.ReadUnsigned();
        var entry = (long)reader.ReadUnsigned();
        var oldest = reader.ReadSigned();
        var slots = PointColumnsCodec.DecodeSlots(ref reader, nodes);
        var deltas = new BucketDelta[slots.Length];
        var start = 0L;
        foreach (ref var delta in deltas.AsSpan())
        {
            start += reader.ReadSigned();
            delta = new BucketDelta { Start = start, Added = reader.ReadAggregate(start) };
        }

        return new ContributionsItem(sender, epoch, entry, oldest, slots, deltas);
    }
}
