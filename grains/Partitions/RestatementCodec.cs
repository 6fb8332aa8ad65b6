using Monitoring.Indicators;

namespace Monitoring.Partitions;

/// <summary>The packed form of what corrections bring into a journal; see <see cref="JournalCodec"/>.</summary>
internal static class RestatementCodec
{
    /// <summary>Writes which points are corrections, as differences of their positions.</summary>
    public static void EncodeCorrections(bool[] corrections, PackedWriter writer)
    {
        writer.WriteUnsigned((ulong)corrections.AsSpan().Count(true));
        var previous = 0;
        for (var index = 0; index < corrections.Length; index++)
        {
            if (corrections[index])
            {
                writer.WriteUnsigned((ulong)(index - previous));
                previous = index;
            }
        }
    }

    public static bool[] DecodeCorrections(ref PackedReader reader, int points)
    {
        var corrections = new bool[points];
        var index = 0;
        for (var count = reader.ReadUnsigned(); count > 0; count--)
        {
            index += (int)reader.ReadUnsigned();
            corrections[index] = true;
        }

        return corrections;
    }

    /// <summary>Writes what contributions take back, and their shares.</summary>
    public static void EncodeRestatements(ContributionsItem item, PackedWriter writer)
    {
        writer.WriteUnsigned((ulong)item.Deltas.Count(delta => delta.Retracted is not null));
        for (var index = 0; index < item.Deltas.Length; index++)
        {
            if (item.Deltas[index].Retracted is { } retracted)
            {
                writer.WriteUnsigned((ulong)index);
                Encode(retracted, writer);
            }
        }

        writer.WriteUnsigned((ulong)item.Shares.Length);
        for (var index = 0; index < item.Shares.Length; index++)
        {
            ref readonly var share = ref item.Shares[index];
            writer.WriteUnsigned((ulong)item.ShareSlots[index].Number);
            writer.WriteSigned(share.Start);
            writer.WriteUnsigned((ulong)share.Round);
            writer.WriteAggregate(share.Aggregate, share.Start);
        }
    }

    public static ContributionsItem DecodeRestatements(ref PackedReader reader, ContributionsItem item, NodeTable nodes)
    {
        for (var count = reader.ReadUnsigned(); count > 0; count--)
        {
            var index = (int)reader.ReadUnsigned();
            item.Deltas[index] = item.Deltas[index] with { Retracted = DecodeRetraction(ref reader) };
        }

        var slots = new NodeSlot[reader.ReadUnsigned()];
        var shares = new BucketShare[slots.Length];
        for (var index = 0; index < shares.Length; index++)
        {
            slots[index] = nodes[(int)reader.ReadUnsigned()];
            var start = reader.ReadSigned();
            var round = (long)reader.ReadUnsigned();
            shares[index] = new BucketShare { Sender = item.Sender, Start = start, Round = round, Aggregate = reader.ReadAggregate(start) };
        }

        return item with { ShareSlots = slots, Shares = shares };
    }

    public static void Encode(SharesRequestedItem item, PackedWriter writer)
    {
        writer.WriteUnsigned((ulong)item.Requests.Length);
        foreach (var request in item.Requests)
        {
            writer.WriteText(request.Node.Code);
            writer.WriteText(request.Node.Path);
            writer.WriteSigned(request.Start);
            writer.WriteUnsigned((ulong)request.Round);
        }
    }

    public static SharesRequestedItem DecodeRequests(ref PackedReader reader)
    {
        var requests = new ShareRequest[reader.ReadUnsigned()];
        foreach (ref var request in requests.AsSpan())
        {
            var code = reader.ReadText();
            var node = new NodeKey(code, reader.ReadText());
            var start = reader.ReadSigned();
            request = new ShareRequest { Node = node, Start = start, Round = (long)reader.ReadUnsigned() };
        }

        return new SharesRequestedItem(requests);
    }

    private static void Encode(Retraction retraction, PackedWriter writer)
    {
        writer.WriteUnsigned((ulong)retraction.Count);
        writer.WriteDouble(retraction.RawSum);
        writer.WriteDouble(retraction.Compensation);
        writer.WriteDouble(retraction.Min);
        writer.WriteDouble(retraction.Max);
        writer.WriteSigned(retraction.FirstTime);
        writer.WriteDouble(retraction.First);
        writer.WriteSigned(retraction.LastTime);
        writer.WriteDouble(retraction.Last);
    }

    private static Retraction DecodeRetraction(ref PackedReader reader) => new()
    {
        Count = (long)reader.ReadUnsigned(),
        RawSum = reader.ReadDouble(),
        Compensation = reader.ReadDouble(),
        Min = reader.ReadDouble(),
        Max = reader.ReadDouble(),
        FirstTime = reader.ReadSigned(),
        First = reader.ReadDouble(),
        LastTime = reader.ReadSigned(),
        Last = reader.ReadDouble(),
    };
}
