using Monitoring.Gateway.Ingest;
using Monitoring.Infrastructure;
using Monitoring.Partitions;
using Wire = Monitoring.Protocol.V1;
using static Monitoring.Infrastructure.PushClient;

namespace Monitoring.Ingest;

public sealed class BatchSplitterTests
{
    [Fact]
    public void Split_AgainWithANewerDictionary_LeavesHandlesAsTheyStoodAtEachPoint()
    {
        var splitter = new BatchSplitter(new PartitionMap(4), new IngestOptions());
        splitter.Read(Batch(1, Point("GA", handle: 5)));
        splitter.Split(Samples.Dictionary(version: 1), latest: long.MaxValue);
        var rebinding = Batch(2, Bound(5), Point("TX", handle: 5), Bound(5), Bound(6), Point("CA", handle: 6), Point("GA", indicator: "new"));

        splitter.Read(rebinding);
        splitter.Split(Samples.Dictionary(version: 1), latest: long.MaxValue);
        Assert.True(splitter.HasUnknownIndicator);
        splitter.Split(Samples.Dictionary(version: 2), latest: long.MaxValue);

        Assert.Equal(
            [(0, "GA"), (1, "TX"), (2, "TX"), (4, "CA")],
            splitter.Columns.SelectMany(columns => columns.Positions.Zip(columns.Nodes, (position, node) => (position, node.Path))).Order());
        Assert.Equal(
            [(3u, Wire.RejectionReason.UnknownHandle), (5u, Wire.RejectionReason.UnknownIndicator)],
            splitter.Rejected.Select(rejection => (rejection.Index, rejection.Reason)));
    }

    private static Wire.Batch Batch(ulong sequence, params Wire.Point[] points) => new() { Sequence = sequence, Points = { points } };
}
