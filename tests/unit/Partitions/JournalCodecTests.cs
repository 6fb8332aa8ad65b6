using CsCheck;
using Monitoring.Indicators;
using Monitoring.LatePoints;

namespace Monitoring.Partitions;

public sealed class JournalCodecTests
{
    private static readonly Gen<long> GenLong = Gen.OneOf(Gen.Long, Gen.Long[0, 300], Gen.OneOf(0L, 1, -1, long.MaxValue, long.MinValue));

    private static readonly Gen<long> GenCount = Gen.OneOf(Gen.Long[0, long.MaxValue], Gen.Long[0, 300], Gen.OneOf(0L, 127, 128, long.MaxValue));

    private static readonly Gen<double> GenDouble = Gen.OneOf(
        Gen.Double, Gen.OneOf(0, -0.0, double.Epsilon, double.MaxValue, double.MinValue, 1e-300));

    private static readonly Gen<Aggregate> GenAggregate = Gen.OneOf(
        Gen.Select(GenLong, GenDouble, (time, value) => new Aggregate(time, value)),
        // Also a point that is left of several.
        Gen.Select(Gen.OneOf(Gen.Const(1L), Gen.Long[2, long.MaxValue]), GenDouble.Array[6], GenLong, GenLong, (count, values, first, last) => new Aggregate
        {
            Count = count,
            RawSum = values[0],
            Compensation = values[1],
            Min = values[2],
            Max = values[3],
            First = values[4],
            Last = values[5],
            FirstTime = first,
            LastTime = last,
        }));

    [Fact]
    public void Decode_AnyEntry_GivesBackWhatWasEncoded() =>
        Gen.Select(Gen.Int[0, 5], Gen.Int[0, 5], GenLong, Gen.Int[0, 6], Gen.Int).Sample((oldNodes, newNodes, at, items, seed) =>
        {
            var nodes = Nodes(oldNodes + newNodes);
            var pcg = new PCG((uint)seed & 0xFF, (uint)seed);
            var entry = new JournalEntry(9, at, [.. Enumerable.Range(0, items).Select(_ => GenItem(nodes).Generate(pcg, null, out var _))]);
            var payload = Encode(entry, oldNodes, nodes);
            var restored = Nodes(oldNodes);

            var decoded = JournalCodec.Decode(new StoredEntry(9, payload), restored);

            Assert.Equal((9, at, payload.Length), (decoded.Sequence, decoded.At, decoded.Size));
            Assert.Equal(entry.Items.Select(Describe), decoded.Items.Select(Describe));
            Assert.Equal(entry.Weight, decoded.Weight);
            Assert.Equal(nodes.All.Select(slot => (slot.Number, slot.Key)), restored.All.Select(slot => (slot.Number, slot.Key)));
            Assert.Equal(payload, Encode(decoded with { Size = 0 }, oldNodes, restored));
        });

    [Fact]
    public void Decode_NodesAreKnownFromTheCheckpoint_AddsThemNoSecondTime()
    {
        var nodes = Nodes(3);
        var payload = Encode(new JournalEntry(1, 1, [Points(nodes, 2)]), 0, nodes);

        var decoded = JournalCodec.Decode(new StoredEntry(1, payload), nodes);

        Assert.Equal(3, nodes.Count);
        Assert.Same(nodes[2], Assert.IsType<PointsItem>(Assert.Single(decoded.Items)).Slots[0]);
    }

    [Fact]
    public void Decode_UnknownFormatOrItem_SaysSo()
    {
        var nodes = Nodes(0);

        Assert.Contains("format 2", Assert.Throws<InvalidDataException>(() => JournalCodec.Decode(new StoredEntry(5, [2]), nodes)).Message, StringComparison.Ordinal);
        Assert.Throws<InvalidDataException>(() => JournalCodec.Decode(new StoredEntry(5, [1, 0, 0, 1, 99]), nodes));
    }

    /// <summary>Journals are on disks: these bytes must be readable for ever. A new form gets a new format byte and a new test.</summary>
    [Fact]
    public void Format1_EveryKindOfItem_HasTheseBytes()
    {
        const string Golden =
            "0180E089A4EC66" + "02066D2E636F646502474106E68C87E6A08700" + "07" + "030803" + "030201" + "04"
            + "0501500302" + "0100" + "D0E089A4EC66" + "0000000000000440"
            + "060302057F" + "020100" + "000180F08492B633000000000000F03F"
            + "C0A907020A0000000000001840A006000000000000000000000000000000400000000000001040" + "00000000000010400000000000000040"
            + "02AC02" + "01";
        var nodes = Nodes(0);
        nodes.Add(new NodeKey("m.code", "GA"));
        nodes.Add(new NodeKey("指标", string.Empty));
        var entry = new JournalEntry(7, 1_766_880_000_000, ItemsOfEveryKind(nodes));

        Assert.Equal(Golden, Convert.ToHexString(Encode(entry, 0, nodes)));

        var restored = Nodes(0);
        var decoded = JournalCodec.Decode(new StoredEntry(7, Convert.FromHexString(Golden)), restored);
        Assert.Equal(1_766_880_000_000, decoded.At);
        Assert.Equal(entry.Items.Select(Describe), decoded.Items.Select(Describe));
    }

    [Fact]
    public void Format1_CorrectionsAndShares_HaveTheseBytes()
    {
        const string Golden =
            "0180E089A4EC66010163024741032001500302020000D0E089A4EC66000000000000000440000000000000084001012103020580010100C0A907"
            + "00BFA9070000000000000000BFA90700000000000000000000000000000000000000000000000000000000000000000000000000000000010001"
            + "0000000000000040000000000000000000000000000000400000000000000040C2A9070000000000000040C2A90700000000000000400100C0A9"
            + "07090104000000000000104022010163024741C0A90704";
        var nodes = Nodes(0);
        nodes.Add(new NodeKey("c", "GA"));
        var entry = new JournalEntry(7, 1_766_880_000_000,
        [
            new PointsItem("P", 3, 2, [nodes[0], nodes[0]], [1_766_880_000_040, 1_766_880_000_040], [2.5, 3]) { Corrections = [false, true] },
            new ContributionsItem(3, 2, 5, 64, [nodes[0]], [new BucketDelta { Start = 60_000, Added = default, Retracted = Retraction.Of(new Aggregate(60_001, 2)) }])
            {
                ShareSlots = [nodes[0]],
                Shares = [new BucketShare { Sender = 3, Start = 60_000, Round = 9, Aggregate = new Aggregate(60_002, 4) }],
            },
            new SharesRequestedItem([new ShareRequest { Node = new NodeKey("c", "GA"), Start = 60_000, Round = 4 }]),
        ]);

        var written = Convert.ToHexString(Encode(entry, 0, nodes));
        Assert.True(Golden == written, $"The stored form is another now: {written}");

        var decoded = JournalCodec.Decode(new StoredEntry(7, Convert.FromHexString(Golden)), Nodes(0));
        Assert.Equal(entry.Items.Select(Describe), decoded.Items.Select(Describe));
    }

    private static JournalItem[] ItemsOfEveryKind(NodeTable nodes) =>
    [
        new SenderItem(8, 3),
        new SenderItem(2, 1),
        new TickItem(),
        new PointsItem("P", 3, 2, [nodes[0]], [1_766_880_000_040], [2.5]),
        new ContributionsItem(
            3,
            2,
            5,
            -64,
            [nodes[1], nodes[0]],
            [
                new BucketDelta { Start = 0, Added = new Aggregate(883_440_000_000, 1) },
                new BucketDelta
                {
                    Start = 60_000,
                    Added = new Aggregate
                    {
                        Count = 2,
                        RawSum = 6,
                        Min = 2,
                        Max = 4,
                        First = 4,
                        Last = 2,
                        FirstTime = 60_005,
                        LastTime = 60_400,
                    },
                },
            ]),
        new DictionaryItem(300),
        new ClaimedItem(),
    ];

    private static Gen<JournalItem> GenItem(NodeTable nodes) => Gen.OneOf<JournalItem>(
        Gen.Const<JournalItem>(new ClaimedItem()),
        Gen.Const<JournalItem>(new TickItem()),
        GenCount.Select(JournalItem (version) => new DictionaryItem(version)),
        Gen.Select(Gen.Int[0, 4_095], GenCount, JournalItem (sender, epoch) => new SenderItem(sender, epoch)),
        Gen.Select(GenCount, Gen.Int[0, 100_000].Array[0, 20], Gen.Int[0, 100_000].Array[0, 3], JournalItem (sequence, unknown, overdue) =>
            new RefusedItem("指", sequence, unknown, overdue, [.. unknown.Skip(3)])),
        Gen.Select(Gen.String, GenCount, GenCount, Gen.Select(GenLong, GenDouble, Gen.Int[0, 100]).Array[0, nodes.Count == 0 ? 0 : 20], JournalItem (source, epoch, sequence, points) =>
            new PointsItem(
                source.Replace('\uD800', ' '), epoch, sequence, [.. points.Select(point => nodes[point.Item3 % nodes.Count])],
                [.. points.Select(point => point.Item1)], [.. points.Select(point => point.Item2)])
            {
                Corrections = points.Any(point => point.Item3 > 50) ? [.. points.Select(point => point.Item3 > 70)] : null,
            }),
        Gen.Select(Gen.Int[0, 4_095], GenCount, GenCount, GenLong, Gen.Select(GenLong, GenAggregate, Gen.Int[0, 100]).Array[0, nodes.Count == 0 ? 0 : 20], JournalItem (sender, epoch, entry, oldest, deltas) =>
            new ContributionsItem(
                sender, epoch, entry, oldest, [.. deltas.Select(delta => nodes[delta.Item3 % nodes.Count])],
                [
                    .. deltas.Select(delta => new BucketDelta
                    {
                        Start = delta.Item1,
                        Added = delta.Item3 > 90 ? default : delta.Item2,
                        Retracted = delta.Item3 > 80 ? Retraction.Of(delta.Item2) : delta.Item3 > 75 ? new Retraction() : null,
                    }),
                ])
            {
                ShareSlots = [.. deltas.Where(delta => delta.Item3 % 3 == 0).Select(delta => nodes[delta.Item3 % nodes.Count])],
                Shares =
                [
                    .. deltas.Where(delta => delta.Item3 % 3 == 0).Select(delta => new BucketShare
                    {
                        Sender = sender,
                        Start = delta.Item1,
                        Round = entry,
                        Aggregate = delta.Item3 > 60 ? default : delta.Item2,
                    }),
                ],
            }),
        Gen.Select(Gen.String, GenLong, GenCount, JournalItem (path, start, round) => new SharesRequestedItem(
            [new ShareRequest { Node = new NodeKey("c", path.Replace('\uD800', ' ')), Start = start, Round = round }])),
        Gen.Select(GenLong, GenDouble, GenCount, Gen.Int[0, 100]).Array[0, nodes.Count == 0 ? 0 : 20].Select(JournalItem (points) =>
            new LateItem(
                "P", [.. points.Select(point => nodes[point.Item4 % nodes.Count])], [.. points.Select(point => point.Item1)],
                [.. points.Select(point => point.Item2)], [.. points.Select(point => point.Item3)])),
        Gen.Select(GenLong, GenDouble, GenCount, Gen.Int[0, 100]).Array[0, nodes.Count == 0 ? 0 : 20].Select(JournalItem (points) =>
            new ReinjectedItem(
                [.. points.Select(point => new LateId(point.Item4, point.Item3, point.Item4))],
                [.. points.Select(point => nodes[point.Item4 % nodes.Count])], [.. points.Select(point => point.Item1)],
                [.. points.Select(point => point.Item2)])));

    /// <summary>As the test above, for kinds of items that came later.</summary>
    [Fact]
    public void Format1_LateAndReinjectedPoints_HaveTheseBytes()
    {
        const string Golden = "0180E089A4EC660002" + "10" + "01500200010103" + "00000000000004400000000000001240" + "B960" + "80B8B005"
            + "11" + "01010A" + "0000000000000440" + "030901";
        var nodes = Nodes(2);
        var entry = new JournalEntry(7, 1_766_880_000_000,
        [
            new LateItem("P", [nodes[0], nodes[1]], [-1, -3], [2.5, 4.5], [12_345, 11_279_360]),
            new ReinjectedItem([new LateId(3, 9, 1)], [nodes[1]], [5], [2.5]),
        ]);

        Assert.Equal(Golden, Convert.ToHexString(Encode(entry, 2, nodes)));

        var decoded = JournalCodec.Decode(new StoredEntry(7, Convert.FromHexString(Golden)), Nodes(2));
        Assert.Equal(entry.Items.Select(Describe), decoded.Items.Select(Describe));
    }

    [Fact]
    public void Format1_RefusedPoints_HaveTheseBytes()
    {
        const string Golden = "0180E089A4EC660001" + "30" + "015005" + "020381" + "01" + "0102" + "0107";
        var entry = new JournalEntry(7, 1_766_880_000_000, [new RefusedItem("P", 5, [3, 129], [2], [7])]);

        Assert.Equal(Golden, Convert.ToHexString(Encode(entry, 0, Nodes(0))));

        var decoded = JournalCodec.Decode(new StoredEntry(7, Convert.FromHexString(Golden)), Nodes(0));
        Assert.Equal(entry.Items.Select(Describe), decoded.Items.Select(Describe));
    }

    private static PointsItem Points(NodeTable nodes, int node) => new("s", 1, 1, [nodes[node]], [1], [1]);

    private static NodeTable Nodes(int count)
    {
        var nodes = new NodeTable();
        for (var number = 0; number < count; number++)
        {
            nodes.Add(new NodeKey($"c{number % 2}", number < 2 ? string.Empty : $"路径/{new string('x', number * 40)}{number}"));
        }

        return nodes;
    }

    private static byte[] Encode(JournalEntry entry, int firstNewNode, NodeTable nodes)
    {
        var writer = new PackedWriter();
        writer.WriteText("left over from an earlier entry");
        JournalCodec.Encode(entry, firstNewNode, nodes, writer);
        return writer.Written.ToArray();
    }

    private static string Describe(JournalItem item) => item switch
    {
        PointsItem points =>
            $"{points.Source} {points.Epoch} {points.Sequence} {string.Join(',', points.Slots.Select(slot => slot.Number))} "
            + $"{string.Join(',', points.Times)} {string.Join(',', points.Values.Select(BitConverter.DoubleToInt64Bits))} "
            + $"{string.Join(',', points.Corrections ?? [])}",
        ContributionsItem contributions =>
            $"{contributions.Sender} {contributions.Epoch} {contributions.Entry} {contributions.OldestAcceptedAt} "
            + $"{string.Join(',', contributions.Slots.Select(slot => slot.Number))} {string.Join(',', contributions.Deltas)} "
            + $"{string.Join(',', contributions.ShareSlots.Select(slot => slot.Number))} {string.Join(',', contributions.Shares)}",
        LateItem late =>
            $"late {late.Source} {string.Join(',', late.Slots.Select(slot => slot.Number))} {string.Join(',', late.Times)} "
            + $"{string.Join(',', late.Values.Select(BitConverter.DoubleToInt64Bits))} {string.Join(',', late.Allowed)}",
        ReinjectedItem reinjected =>
            $"{string.Join(',', reinjected.Ids)} {string.Join(',', reinjected.Slots.Select(slot => slot.Number))} "
            + $"{string.Join(',', reinjected.Times)} {string.Join(',', reinjected.Values.Select(BitConverter.DoubleToInt64Bits))}",
        RefusedItem refused => $"{refused.Source} {refused.Sequence} {string.Join(',', refused.Unknown)}; {string.Join(',', refused.Overdue)}; {string.Join(',', refused.Excess)}",
        SharesRequestedItem requested => string.Join(',', requested.Requests),
        _ => item.ToString(),
    };
}
