using Grpc.Core;
using Monitoring.Indicators;
using Monitoring.Infrastructure;
using Monitoring.Partitions;
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
    [InlineData(0, 0, "expected 1 to 1")]
    [InlineData(0, 2, "expected 1 to 1")]
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

    [Fact]
    public async Task Push_LaterLaneAnswersFirst_AcknowledgesInOrder()
    {
        await using var gateway = await TestGateway.StartAsync();
        var (slow, quick) = PathsOfTwoPartitions(gateway.Cluster.Map);
        var open = new TaskCompletionSource();
        gateway.Cluster.Partitions[slow.Partition].Open = open.Task;
        using var stream = await gateway.PushAsync("s");
        await stream.SendAsync(1, Point(slow.Path));
        await stream.SendAsync(2, Point(quick.Path));
        await Until(() => gateway.Cluster.Partitions[quick.Partition].Points.Count == 1, gateway.Token);
        var reading = stream.ReadAsync();
        Assert.False(reading.IsCompleted);

        open.SetResult();

        var first = (await reading)!.Ack;
        Assert.True(first.Sequence is 1 or 2);
        Assert.Equal(2ul, first.Sequence == 2 ? first.Accepted : first.Accepted + (await stream.ReadAckAsync(2)).Accepted);
    }

    [Fact]
    public async Task Push_WindowIsFull_ReadsNoFurther()
    {
        await using var gateway = await TestGateway.StartAsync(("Ingest:Window", "2"));
        var partition = gateway.Cluster.Partitions[gateway.Cluster.Map.PartitionOf(new NodeKey("delay", "GA"))];
        var open = new TaskCompletionSource();
        partition.Open = open.Task;
        using var stream = await gateway.PushAsync("s");
        for (var sequence = 1ul; sequence <= 20; sequence++)
        {
            await stream.SendAsync(sequence, Point("GA"));
        }

        await Until(() => partition.Calls.Count == 1, gateway.Token);
        open.SetResult();

        Assert.Equal(20ul, (await stream.ReadAckAsync(20)).Accepted);
        Assert.All(partition.Calls, deliveries => Assert.InRange(deliveries, 1, 2));
    }

    [Fact]
    public async Task Push_PartitionFailsForAWhile_RepeatsUntilItIsTaken()
    {
        await using var gateway = await TestGateway.StartAsync(("Ingest:RetryDelay", "00:00:00.001"));
        var partition = gateway.Cluster.Partitions[gateway.Cluster.Map.PartitionOf(new NodeKey("delay", "GA"))];
        partition.FailNext(3);
        using var stream = await gateway.PushAsync("s");
        await stream.SendAsync(1, Point("GA"));

        Assert.Equal(1ul, (await stream.ReadAckAsync(1)).Accepted);
        Assert.Equal(4, partition.Calls.Count);
    }

    [Fact]
    public async Task Push_PartitionFailsTooLong_EndsWithUnavailable()
    {
        await using var gateway = await TestGateway.StartAsync(("Ingest:RetryLimit", "00:00:00"));
        foreach (var partition in gateway.Cluster.Partitions)
        {
            partition.FailNext(int.MaxValue);
        }

        using var stream = await gateway.PushAsync("s");
        await stream.SendAsync(1, Point("GA"));

        Assert.Equal(StatusCode.Unavailable, (await stream.ReadStatusAsync()).StatusCode);
    }

    [Theory]
    [InlineData(DeliveryStatus.StaleEpoch, StatusCode.Aborted)]
    [InlineData(DeliveryStatus.Gap, StatusCode.Unavailable)]
    public async Task Push_PartitionRefuses_EndsTheStream(DeliveryStatus answer, StatusCode expected)
    {
        await using var gateway = await TestGateway.StartAsync();
        foreach (var partition in gateway.Cluster.Partitions)
        {
            partition.Answer = answer;
        }

        using var stream = await gateway.PushAsync("s");
        await stream.SendAsync(1, Point("GA"));

        Assert.Equal(expected, (await stream.ReadStatusAsync()).StatusCode);
    }

    [Fact]
    public async Task Push_ResentAfterReconnect_CountsAsDuplicates()
    {
        await using var gateway = await TestGateway.StartAsync();
        using (var first = await gateway.PushAsync("s"))
        {
            await first.SendAsync(1, Point("GA"), Point("TX"));
            await first.ReadAckAsync(1);
            await first.CompleteAsync();
            Assert.Equal(StatusCode.OK, (await first.ReadStatusAsync()).StatusCode);
        }

        Assert.Equal(1, gateway.Cluster.Source("s").Acknowledged);
        using var second = await gateway.PushAsync("s");
        Assert.Equal(1ul, second.Welcome.AcknowledgedSequence);
        await second.SendAsync(1, Point("GA"), Point("TX"));
        await second.SendAsync(2, Point("GA"));

        var ack = await second.ReadAckAsync(2);

        Assert.Equal((1ul, 2ul), (ack.Accepted, ack.Duplicates));
        Assert.Equal(3, AllPoints(gateway).Count);
    }

    [Fact]
    public async Task Push_SecondStreamOfTheSource_EndsTheFirstOne()
    {
        await using var gateway = await TestGateway.StartAsync();
        using var other = await gateway.PushAsync("other");
        using var first = await gateway.PushAsync("s");
        using var second = await gateway.PushAsync("s");

        Assert.Equal(StatusCode.Aborted, (await first.ReadStatusAsync()).StatusCode);
        await second.SendAsync(1, Point("GA"));
        await other.SendAsync(1, Point("GA"));
        Assert.Equal(1ul, (await second.ReadAckAsync(1)).Accepted);
        Assert.Equal(1ul, (await other.ReadAckAsync(1)).Accepted);
    }

    [Fact]
    public async Task Push_TooManyStreams_IsRefused()
    {
        await using var gateway = await TestGateway.StartAsync(("Ingest:MaxStreams", "1"));
        using var first = await gateway.PushAsync("a");
        using var second = new PushClient(gateway.Ingest.Push(cancellationToken: gateway.Token), gateway.Token);

        Assert.Equal(StatusCode.ResourceExhausted, (await second.ReadStatusAsync()).StatusCode);
    }

    [Fact]
    public async Task Push_GatewayStops_AcknowledgesWhatWasReadAndAsksToReconnect()
    {
        await using var gateway = await TestGateway.StartAsync();
        var partition = gateway.Cluster.Partitions[gateway.Cluster.Map.PartitionOf(new NodeKey("delay", "GA"))];
        var open = new TaskCompletionSource();
        partition.Open = open.Task;
        using var stream = await gateway.PushAsync("s");
        await stream.SendAsync(1, Point("GA"));
        await Until(() => partition.Calls.Count == 1, gateway.Token);

        var stopping = gateway.StopAsync();

        Assert.Equal(500u, (await stream.ReadAsync())!.Reconnect.RetryAfterMs);
        open.SetResult();
        Assert.Equal(1ul, (await stream.ReadAckAsync(1)).Accepted);
        Assert.Equal(StatusCode.OK, (await stream.ReadStatusAsync()).StatusCode);
        await stopping;
    }

    [Fact]
    public async Task Push_CodeWasJustDefined_IsAccepted()
    {
        await using var gateway = await TestGateway.StartAsync(("DictionaryCache:PollInterval", "00:01:00"));
        using var stream = await gateway.PushAsync("s");
        await stream.SendAsync(1, Point("GA"));
        await stream.ReadAckAsync(1);
        gateway.Cluster.Dictionary.Put(Samples.Dictionary(2, "flights"));

        await stream.SendAsync(2, Point("GA", indicator: "flights"));

        Assert.Equal(1ul, (await stream.ReadAckAsync(2)).Accepted);
    }

    private static List<(NodeKey Node, long Time, double Value)> AllPoints(TestGateway gateway) =>
        [.. gateway.Cluster.Partitions.SelectMany(partition => partition.Points)];

    private static ((string Path, int Partition) First, (string Path, int Partition) Second) PathsOfTwoPartitions(PartitionMap map)
    {
        var paths = Enumerable.Range(0, 100).Select(number => $"P{number}").Select(path => (path, map.PartitionOf(new NodeKey("delay", path)))).ToArray();
        return (paths[0], paths.First(path => path.Item2 != paths[0].Item2));
    }

    private static async Task Until(Func<bool> condition, CancellationToken guard)
    {
        while (!condition())
        {
            guard.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }
}
