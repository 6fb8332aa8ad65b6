using Grpc.Core;
using Monitoring.Indicators;
using Monitoring.Infrastructure;
using Monitoring.RawPoints;
using Wire = Monitoring.Protocol.V1;
using static Monitoring.Infrastructure.PushClient;

namespace Monitoring.Ingest;

public sealed class CorrectionTests
{
    [Fact]
    public async Task Push_SomePointsAreCorrections_TellsThePartitionWhich()
    {
        await using var gateway = await TestGateway.StartAsync();
        using var stream = await gateway.PushAsync("s");
        var (ordinary, correction, other) = (Point("GA", 1), Point("GA", 2, time: Now - 5), Point("TX", 3));
        correction.Correction = true;
        await stream.SendAsync(1, ordinary, correction, other);

        var ack = await stream.ReadAckAsync(1);

        Assert.Equal(3ul, ack.Accepted);
        Assert.Equal(("GA", Now - 5), Assert.Single(gateway.Cluster.Partitions.SelectMany(partition => partition.Corrected).Select(made => (made.Node.Path, made.Time))));
    }

    [Fact]
    public async Task Push_CorrectionIsOverdue_RejectsItWithTheReason()
    {
        await using var gateway = await TestGateway.StartAsync();
        foreach (var partition in gateway.Cluster.Partitions)
        {
            partition.Overdue = [0];
        }

        using var stream = await gateway.PushAsync("s");
        await stream.SendAsync(1, Point("GA"));

        var ack = await stream.ReadAckAsync(1);

        var rejection = Assert.Single(ack.Rejections);
        Assert.Equal((0ul, 1ul, 0u, Wire.RejectionReason.CorrectionOverdue), (ack.Accepted, rejection.Sequence, rejection.Index, rejection.Reason));
        Assert.Contains("History:RawRetention", rejection.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ListCorrections_SeveralPages_GivesAllInOrder()
    {
        await using var gateway = await TestGateway.StartAsync();
        var key = new NodeKey("delay", "GA");
        var partition = gateway.Cluster.Partitions[gateway.Cluster.Map.PartitionOf(key)];
        partition.Corrections.AddRange(Enumerable.Range(0, 5).Select(index => Correction(key, entry: 3 + (index / 2), position: index % 2)));
        var request = new Wire.ListCorrectionsRequest { Indicator = "delay", Path = "GA", SinceUnixMs = 1, PageSize = 2 };
        var listed = new List<Wire.Correction>();
        do
        {
            var page = await gateway.Ingest.ListCorrectionsAsync(request, cancellationToken: gateway.Token);
            listed.AddRange(page.Corrections);
            request.PageToken = page.NextPageToken;
        }
        while (request.PageToken.Length > 0);

        Assert.Equal(5, listed.Count);
        var first = listed[0];
        Assert.Equal(
            ("delay", "GA", 60_000, 2u, 4.5, "till", 1_003, 7ul),
            (first.Indicator, first.Path, first.TimeUnixMs, first.OldCount, first.NewValue, first.Source, first.RecordedUnixMs, first.DictionaryVersion));
        Assert.Equal([1, 2.5], first.OldValues);
    }

    [Theory]
    [InlineData("nothing", "", "", 0u, StatusCode.NotFound)]
    [InlineData("delay", "a//b", "", 0u, StatusCode.InvalidArgument)]
    [InlineData("delay", "", "x", 0u, StatusCode.InvalidArgument)]
    [InlineData("delay", "", "1-2-3", 0u, StatusCode.InvalidArgument)]
    [InlineData("delay", "", "", 1_001u, StatusCode.InvalidArgument)]
    public async Task ListCorrections_RequestIsWrong_SaysSo(string indicator, string path, string token, uint pageSize, StatusCode expected)
    {
        await using var gateway = await TestGateway.StartAsync();
        var request = new Wire.ListCorrectionsRequest { Indicator = indicator, Path = path, PageToken = token, PageSize = pageSize };

        var failure = await Assert.ThrowsAsync<RpcException>(() => gateway.Ingest.ListCorrectionsAsync(request, cancellationToken: gateway.Token).ResponseAsync);

        Assert.Equal(expected, failure.StatusCode);
    }

    private static Correction Correction(NodeKey key, long entry, int position) => new()
    {
        Key = key,
        Entry = entry,
        Position = position,
        Time = 60_000,
        Value = 4.5,
        OldValues = [1, 2.5],
        OldCount = 2,
        Source = "till",
        RecordedAt = 1_000 + entry,
        DictionaryVersion = 7,
    };
}
