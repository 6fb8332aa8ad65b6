namespace Monitoring.Partitions;

/// <summary>The packed form of points in columns: number of nodes, numbers of nodes, differences of times, values.</summary>
internal static class PointColumnsCodec
{
    public static void Encode(NodeSlot[] slots, long[] times, double[] values, PackedWriter writer)
    {
        EncodeSlots(slots, writer);
        var previous = 0L;
        foreach (var time in times)
        {
            writer.WriteSigned(time - previous);
            previous = time;
        }

        foreach (var value in values)
        {
            writer.WriteDouble(value);
        }
    }

    public static void EncodeSlots(NodeSlot[] slots, PackedWriter writer)
    {
        writer.WriteUnsigned((ulong)slots.Length);
        foreach (var slot in slots)
        {
            writer.WriteUnsigned((ulong)slot.Number);
        }
    }

    public static (NodeSlot[] Slots, long[] Times, double[] Values) Decode(ref PackedReader reader, NodeTable nodes)
    {
        var slots = DecodeSlots(ref reader, nodes);
        var times = new long[slots.Length];
        var previous = 0L;
        foreach (ref var time in times.AsSpan())
        {
            time = previous += reader.ReadSigned();
        }

        var values = new double[slots.Length];
        foreach (ref var value in values.AsSpan())
        {
            value = reader.ReadDouble();
        }

        return (slots, times, values);
    }

    public static NodeSlot[] DecodeSlots(ref PackedReader reader, NodeTable nodes)
    {
        var slots = new NodeSlot[reader.ReadUnsigned()];
        foreach (ref var slot in slots.AsSpan())
        {
            slot = nodes[(int)reader.ReadUnsigned()];
        }

        return slots;
    }
}
