using Grpc.Core;
using Monitoring.Indicators;
using Monitoring.Infrastructure;
using Wire = Monitoring.Protocol.V1;
using static Monitoring.Infrastructure.PushClient;

namespace Monitoring.Ingest;

public sealed class PushTests
{
    [Fact]
    public async Task Push_BadPoints_RejectsThemWithReasonAndAppliesTheRest()
    {
        await using var gateway = await TestGateway.StartAsync(("Ingest:MaxHandle", "100"));
        using var stream = await gateway.PushAsync("s");
        await stream.SendAsync(
            1,
            Point("GA/ATL"),
            Point("GA", indicator: "nothing"),
            Point("GA/ATL/T1"),
            Point("GA//ATL"),
            Point(new string('x', 101)),
            Point(new string('x', 5_000)),
            Point("GA", double.NaN),
            Point("GA", double.PositiveInfinity),
            Point("GA", time: 0),
            Point("GA", time: long.MaxValue),
            Bound(7),
            Bound(101),
            Point("GA", handle: 101),
            Point(string.Empty, indicator: string.Empty),
            Point("GA", 2));

        var ack = await stream.ReadAckAsync(1);

        Assert.Equal(2ul, ack.Accepted);
        Assert.Equal(
            [
                (1u, Wire.RejectionReason.UnknownIndicator),
                (2u, Wire.RejectionReason.InvalidPath),
                (3u, Wire.RejectionReason.InvalidPath),
                (4u, Wire.RejectionReason.InvalidPath),
                (5u, Wire.RejectionReason.InvalidPath),
                (6u, Wire.RejectionReason.InvalidValue),
                (7u, Wire.RejectionReason.InvalidValue),
                (8u, Wire.RejectionReason.InvalidTime),
                (9u, Wire.RejectionReason.InvalidTime),
                (10u, Wire.RejectionReason.UnknownHandle),
                (11u, Wire.RejectionReason.UnknownHandle),
                (12u, Wire.RejectionReason.UnknownHandle),
                (13u, Wire.RejectionReason.UnknownIndicator),
            ],
            ack.Rejections.Select(rejection => (rejection.Index, rejection.Reason)));
        Assert.All(ack.Rejections, rejection => Assert.NotEmpty(rejection.Message));
        Assert.Equal(["GA", "GA/ATL"], AllPoints(gateway).Select(point => point.Node.Path).Order());
    }

    [Fact]
    public async Task Push_HandleIsBound_LaterPointsNeedTheHandleAlone()
    {
        await using var gateway = await TestGateway.StartAsync();
        using var stream = await gateway.PushAsync("s");
        await stream.SendAsync(1, Point("GA/ATL", 1, handle: 5_000), Bound(5_000, 2));
        await stream.SendAsync(2, Bound(5_000, 3), Point("TX", 4, handle: 5_000), Bound(5_000, 5));

        var ack = await stream.ReadAckAsync(2);

        Assert.Equal(5ul, ack.Accepted);
        Assert.Equal(
            [("GA/ATL", 1d), ("GA/ATL", 2d), ("GA/ATL", 3d), ("TX", 4d), ("TX", 5d)],
            AllPoints(gateway).Select(point => (point.Node.Path, point.Value)).OrderBy(point => point.Value));
    }

    [Theory]
    [InlineData(1, 3, "expected 2")]
    [InlineData(1, 1, "expected 2")]
    [InlineData(0, 0, "expected 1;")]
    [InlineData(0, 2, "expected 1;")]
    public async Task Push_SequenceIsNotTheNext_EndsNamingExpectedAndGot(ulong first, ulong second, string expected)
    {
        await using var gateway = await TestGateway.StartAsync();
        using var stream = await gateway.PushAsync("s");
        if (first > 0)
        {
            await stream.SendAsync(first, Point("GA"));
            await stream.ReadAckAsync(first);
        }

        await stream.SendAsync(second, Point("GA"));

        var status = await stream.ReadStatusAsync();
        Assert.Equal(StatusCode.InvalidArgument, status.StatusCode);
        Assert.Contains(expected, status.Detail, StringComparison.Ordinal);
        Assert.Contains($"sequence {second}", status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Push_MistakeBehindGoodBatches_AcknowledgesThemFirst()
    {
        await using var gateway = await TestGateway.StartAsync();
        using var stream = await gateway.PushAsync("s");
        await stream.SendAsync(1, Point("GA"));
        await stream.SendAsync(3, Point("GA"));

        Assert.Equal(1ul, (await stream.ReadAckAsync(1)).Accepted);
        Assert.Equal(StatusCode.InvalidArgument, (await stream.ReadStatusAsync()).StatusCode);
    }

    [Fact]
    public async Task Push_HelloStatesLastAck_GoesOnBehindIt()
    {
        await using var gateway = await TestGateway.StartAsync();
        using var stream = await gateway.PushAsync("s", acknowledged: 41);
        Assert.Equal(41ul, stream.Welcome.AcknowledgedSequence);

        await stream.SendAsync(42, Point("GA"));

        Assert.Equal(1ul, (await stream.ReadAckAsync(42)).Accepted);
    }

    [Fact]
    public async Task Push_BatchIsTooLarge_EndsNamingTheLimit()
    {
        await using var gateway = await TestGateway.StartAsync(("Ingest:MaxBatchPoints", "2"));
        using var stream = await gateway.PushAsync("s");
        Assert.Equal(2u, stream.Welcome.MaxBatchPoints);
        await stream.SendAsync(1, Point("GA"), Point("GA"), Point("GA"));

        var status = await stream.ReadStatusAsync();
        Assert.Equal(StatusCode.InvalidArgument, status.StatusCode);
        Assert.Contains("3 points, at most 2", status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Push_FirstRequestIsNoHello_EndsWithInvalidArgument()
    {
        await using var gateway = await TestGateway.StartAsync();
        using var stream = new PushClient(gateway.Ingest.Push(cancellationToken: gateway.Token), gateway.Token);
        await stream.SendAsync(1, Point("GA"));

        Assert.Equal(StatusCode.InvalidArgument, (await stream.ReadStatusAsync()).StatusCode);
    }

    [Fact]
    public async Task Push_SecondHello_EndsWithInvalidArgument()
    {
        await using var gateway = await TestGateway.StartAsync();
        using var stream = await gateway.PushAsync("s");
        await stream.SendAsync(new Wire.PushRequest { Hello = new Wire.Hello { Source = "s" } });

        Assert.Equal(StatusCode.InvalidArgument, (await stream.ReadStatusAsync()).StatusCode);
    }

    [Theory]
    [InlineData("")]
    [InlineData("Upper")]
    [InlineData("a/b")]
    public async Task Push_SourceNameIsMalformed_EndsWithInvalidArgument(string name)
    {
        await using var gateway = await TestGateway.StartAsync();
        using var stream = new PushClient(gateway.Ingest.Push(cancellationToken: gateway.Token), gateway.Token);
        await stream.SendAsync(new Wire.PushRequest { Hello = new Wire.Hello { Source = name } });

        Assert.Equal(StatusCode.InvalidArgument, (await stream.ReadStatusAsync()).StatusCode);
    }

    [Fact]
    public async Task Push_EmptyAndAllRejectedBatches_AreAcknowledged()
    {
        await using var gateway = await TestGateway.StartAsync();
        using var stream = await gateway.PushAsync("s");
        await stream.SendAsync(1);
        await stream.SendAsync(2, Point("GA", double.NaN));
        await stream.SendAsync(3, Point("GA"));

        var ack = await stream.ReadAckAsync(3);

        Assert.Equal((1ul, 1), (ack.Accepted, ack.Rejections.Count));
        Assert.Equal(2ul, ack.Rejections[0].Sequence);
    }

    private static List<(NodeKey Node, long Time, double Value)> AllPoints(TestGateway gateway) =>
        [.. gateway.Cluster.Partitions.SelectMany(partition => partition.Points)];
}
