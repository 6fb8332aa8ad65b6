using Monitoring.LatePoints;

namespace Monitoring.Partitions;

/// <summary>The packed form of late points in a journal entry.</summary>
internal static class LateCodec
{
    public static void Encode(LateItem item, PackedWriter writer)
    {
        writer.WriteText(item.Source);
        PointColumnsCodec.Encode(item.Slots, item.Times, item.Values, writer);
        foreach (var allowed in item.Allowed)
        {
            writer.WriteUnsigned((ulong)allowed);
        }
    }

    public static LateItem DecodeLate(ref PackedReader reader, NodeTable nodes)
    {
        var source = reader.ReadText();
        var (slots, times, values) = PointColumnsCodec.Decode(ref reader, nodes);
        var allowed = new long[slots.Length];
        foreach (ref var lateness in allowed.AsSpan())
        {
            lateness = (long)reader.ReadUnsigned();
        }

        return new LateItem(source, slots, times, values, allowed);
    }

    public static void Encode(ReinjectedItem item, PackedWriter writer)
    {
        PointColumnsCodec.Encode(item.Slots, item.Times, item.Values, writer);
        foreach (var id in item.Ids)
        {
            writer.WriteUnsigned((ulong)id.Partition);
            writer.WriteUnsigned((ulong)id.Entry);
            writer.WriteUnsigned((ulong)id.Index);
        }
    }

    public static ReinjectedItem DecodeReinjected(ref PackedReader reader, NodeTable nodes)
    {
        var (slots, times, values) = PointColumnsCodec.Decode(ref reader, nodes);
        var ids = new LateId[slots.Length];
        foreach (ref var id in ids.AsSpan())
        {
            id = new LateId((int)reader.ReadUnsigned(), (long)reader.ReadUnsigned(), (int)reader.ReadUnsigned());
        }

        return new ReinjectedItem(ids, slots, times, values);
    }
}
