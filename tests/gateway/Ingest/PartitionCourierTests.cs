using System.Collections.Immutable;
using Microsoft.Extensions.Time.Testing;
using Monitoring.Gateway.Ingest;
using Monitoring.Indicators;
using Monitoring.Infrastructure;
using Monitoring.Partitions;

namespace Monitoring.Ingest;

/// <summary>How deliveries of many streams share calls to a partition.</summary>
public sealed class PartitionCourierTests
{
    private readonly FakePartition _partition = new();
    private readonly FakeTimeProvider _clock = new();
    private readonly TaskCompletionSource _hold = new();
    private readonly PartitionCourier _courier;

    public PartitionCourierTests()
    {
        _partition.Open = _hold.Task;
        _courier = new PartitionCourier(_partition, new IngestOptions { MaxSharedCalls = 2, MaxDeliveryPoints = 10 }, _clock);
    }

    [Fact]
    public async Task SendAsync_CallsAreInFlight_WhatComesMeanwhileSharesTheNextAndEachGetsItsAnswers()
    {
        var sent = Enumerable.Range(1, 6).Select(source => SendAsync(Delivery($"s{source}", 1), Delivery($"s{source}", 2))).ToList();
        var again = SendAsync(Delivery("s1", 2), Delivery("s1", 3));
        Assert.Equal([2, 2], _partition.Calls);

        _hold.SetResult();

        Assert.All(await Task.WhenAll(sent), answers => Assert.Equal([DeliveryStatus.Accepted, DeliveryStatus.Accepted], Statuses(answers)));
        Assert.Equal([DeliveryStatus.Duplicate, DeliveryStatus.Accepted], Statuses(await again));
        Assert.Equal([2, 2, 10], _partition.Calls);
    }

    [Fact]
    public async Task SendAsync_MoreWaitsThanACallMayCarry_GoesInSeveral()
    {
        // One call at a time: of two that end together, either may be the first to take what waits.
        var courier = new PartitionCourier(_partition, new IngestOptions { MaxSharedCalls = 1, MaxDeliveryPoints = 10 }, _clock);
        var sent = Enumerable.Range(1, 6)
            .Select(source => courier.SendAsync([Delivery($"s{source}", 1, points: 4)], TestContext.Current.CancellationToken)).ToList();
        _hold.SetResult();
        await Task.WhenAll(sent);

        Assert.Equal([1, 2, 2, 1], _partition.Calls);
    }

    [Fact]
    public async Task SendAsync_DeliveryIsLarge_WaitsForNoneAndNoneWaitsForIt()
    {
        var large = Enumerable.Range(1, 5).Select(source => SendAsync(Delivery($"large{source}", 1, points: 257))).ToList();
        Assert.Equal([1, 1, 1, 1, 1], _partition.Calls);
        _partition.Open = Task.CompletedTask;

        Assert.Equal([DeliveryStatus.Accepted], Statuses(await SendAsync(Delivery("small", 1))));

        Assert.All(large, call => Assert.False(call.IsCompleted));
        _hold.SetResult();
        await Task.WhenAll(large);
    }

    [Fact]
    public async Task SendAsync_CallFails_FailsForAllThatSharedItAndTheNextGoesOn()
    {
        var sent = Enumerable.Range(1, 4).Select(source => SendAsync(Delivery($"s{source}", 1))).ToList();
        _partition.FailNext(3);
        _hold.SetResult();

        foreach (var call in sent)
        {
            await Assert.ThrowsAsync<InvalidOperationException>(() => call);
        }

        Assert.Equal([DeliveryStatus.Accepted], Statuses(await SendAsync(Delivery("s1", 1))));
    }

    [Fact]
    public async Task SendAsync_NoAnswerComes_FailsInTime()
    {
        var sent = SendAsync(Delivery("s", 1));

        _clock.Advance(new IngestOptions().DeliveryTimeout);

        await Assert.ThrowsAsync<TimeoutException>(() => sent);
    }

    [Fact]
    public async Task SendAsync_LaneGaveUpWhileItWaited_IsNotSent()
    {
        using var end = new CancellationTokenSource();
        var sent = Enumerable.Range(1, 3).Select(source => SendAsync(Delivery($"s{source}", 1))).ToList();
        var givenUp = _courier.SendAsync([Delivery("gone", 1)], end.Token);
        await end.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => givenUp);

        _hold.SetResult();
        await Task.WhenAll(sent);

        Assert.Equal([1, 1, 1], _partition.Calls);
    }

    private Task<ImmutableArray<PointDeliveryResult>> SendAsync(params ImmutableArray<PointDelivery> deliveries) =>
        _courier.SendAsync(deliveries, TestContext.Current.CancellationToken);

    private static IEnumerable<DeliveryStatus> Statuses(ImmutableArray<PointDeliveryResult> answers) => answers.Select(answer => answer.Status);

    private static PointDelivery Delivery(string source, int sequence, int points = 1) => new()
    {
        Source = source,
        Epoch = 1,
        Sequence = sequence,
        PreviousSequence = sequence - 1,
        DictionaryVersion = 1,
        Nodes = [.. Enumerable.Repeat(new NodeKey("delay", "GA"), points)],
        Times = new long[points],
        Values = new double[points],
    };
}
