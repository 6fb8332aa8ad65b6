using Grpc.Core;
using Monitoring.Indicators;
using Monitoring.Infrastructure;
using Monitoring.Partitions;
using static Monitoring.Infrastructure.PushClient;

namespace Monitoring.Ingest;

/// <summary>How batches of a stream become durable, and what ends a stream.</summary>
public sealed class PushDeliveryTests
{
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
    public async Task Push_PartitionHasNoRoomForAWhile_RepeatsWhatFoundNoneAndCountsTheRestOnce()
    {
        // However long that takes: there is no time at all for failures here.
        await using var gateway = await TestGateway.StartAsync(("Ingest:RetryDelay", "00:00:00.001"), ("Ingest:RetryLimit", "00:00:00"));
        var partition = gateway.Cluster.Partitions[gateway.Cluster.Map.PartitionOf(new NodeKey("delay", "GA"))];
        var hold = new TaskCompletionSource();
        partition.Open = hold.Task;
        using var stream = await gateway.PushAsync("s");
        for (var sequence = 1ul; sequence <= 5; sequence++)
        {
            await stream.SendAsync(sequence, Point("GA"));
        }

        await Until(() => partition.Calls.Count == 1, gateway.Token);
        partition.Room = 3;
        hold.SetResult();
        await Until(() => partition.Points.Count == 3, gateway.Token);
        partition.Room = int.MaxValue;

        var last = await stream.ReadAckAsync(5);
        Assert.Equal((5ul, 0ul), (last.Accepted, last.Duplicates));
        Assert.Equal(5, partition.Points.Count);
    }

    [Fact]
    public async Task Push_IndicatorIsRemovedMeanwhile_IsRejectedAsOneThatNeverWas()
    {
        await using var gateway = await TestGateway.StartAsync();
        var partition = gateway.Cluster.Partitions[gateway.Cluster.Map.PartitionOf(new NodeKey("delay", "GA"))];
        partition.Unknown = [1];
        using var stream = await gateway.PushAsync("s");
        await stream.SendAsync(1, Point("GA"), Point("GA", 2));

        var ack = await stream.ReadAckAsync(1);

        var rejection = Assert.Single(ack.Rejections);
        Assert.Equal((1ul, 1u, Protocol.V1.RejectionReason.UnknownIndicator), (ack.Accepted, rejection.Index, rejection.Reason));
        Assert.Contains("no indicator 'delay' is in the dictionary", rejection.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Push_PartitionIsFull_SaysWhichNodeFoundNoRoom()
    {
        await using var gateway = await TestGateway.StartAsync();
        gateway.Cluster.Partitions[gateway.Cluster.Map.PartitionOf(new NodeKey("delay", "GA"))].Excess = [0];
        using var stream = await gateway.PushAsync("s");
        await stream.SendAsync(1, Point("GA"));

        var ack = await stream.ReadAckAsync(1);

        var rejection = Assert.Single(ack.Rejections);
        Assert.Equal((0ul, 0u, Protocol.V1.RejectionReason.TooManyNodes), (ack.Accepted, rejection.Index, rejection.Reason));
        Assert.Contains("'delay/GA'", rejection.Message, StringComparison.Ordinal);
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

    [Fact]
    public async Task Push_AcknowledgementWasNotRecorded_WelcomeNamesTheGreatestSequenceTaken()
    {
        await using var gateway = await TestGateway.StartAsync(("Ingest:RecordInterval", "00:01:00"));
        using var first = await gateway.PushAsync("s");
        await first.SendAsync(1, Point("GA"));
        await first.SendAsync(2, Point("GA"));
        await first.ReadAckAsync(2);

        using var second = await gateway.PushAsync("s");
        await second.SendAsync(second.Welcome.HighestSequence + 1, Point("GA"));

        Assert.Equal(2ul, second.Welcome.HighestSequence);
        Assert.Equal(1ul, (await second.ReadAckAsync(3)).Accepted);
    }

    [Fact]
    public async Task Push_NoHelloComes_EndsTheStream()
    {
        await using var gateway = await TestGateway.StartAsync(("Ingest:HelloTimeout", "00:00:00.1"));
        using var silent = new PushClient(gateway.Ingest.Push(cancellationToken: gateway.Token), gateway.Token);

        Assert.Equal(StatusCode.DeadlineExceeded, (await silent.ReadStatusAsync()).StatusCode);
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
