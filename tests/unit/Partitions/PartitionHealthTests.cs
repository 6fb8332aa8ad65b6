using System.Data.Common;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Monitoring.Infrastructure;
using Monitoring.LatePoints;
using Prometheus;

namespace Monitoring.Partitions;

public sealed class PartitionHealthTests
{
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 5, 4, 3, 2, 1, TimeSpan.Zero));
    private readonly CollectedLog<PartitionHealth> _log = new();
    private readonly JournalStore _store = new();

    [Fact]
    public async Task AppendAsync_StoreIsFullForAWhile_IsToldOnceAndRecovers()
    {
        var health = new PartitionHealth(_clock, _log);
        var journal = Journal(health, new NodeTable());
        _store.Failure = new FullDisk();

        var append = journal.AppendAsync([new TickItem()], journal.NextTime(), TestContext.Current.CancellationToken);
        await UntilAsync(() => _store.Attempts >= 3);
        Assert.Equal("Partition 3 cannot write to the journal since 2026-05-04T03:02:01Z: disk is full", health.Describe(PartitionDuty.Journal));
        _store.Failure = null;
        await UntilAsync(() => append.IsCompleted);

        Assert.Null(health.Describe(PartitionDuty.Journal));
        Assert.Equal(
            [LogLevel.Warning, LogLevel.Information], _log.Lines.Where(line => line.Level > LogLevel.Debug).Select(line => line.Level));
        Assert.Equal("Partition 3 cannot write to the journal; it tries again until it can: disk is full", _log.Lines.First(line => line.Level == LogLevel.Warning).Text);
    }

    [Fact]
    public void Describe_SeveralPartitionsFail_CountsThemAndTellsNoPath()
    {
        var health = new PartitionHealth(_clock, _log);
        health.OnFailed(2, PartitionDuty.Start, new IOException("/secret/folder is away"));
        _clock.Advance(TimeSpan.FromSeconds(1));
        health.OnFailed(1, PartitionDuty.Start, new IOException("/secret/folder is away"));

        Assert.Equal("Partition 2 and 1 more cannot start since 2026-05-04T03:02:01Z: IOException", health.Describe(PartitionDuty.Start));
        Assert.Null(health.Describe(PartitionDuty.Journal));
    }

    [Fact]
    public void Forget_PartitionMoves_IsNoLongerTold()
    {
        var health = new PartitionHealth(_clock, _log);
        health.OnFailed(2, PartitionDuty.Journal, new FullDisk());
        health.Forget(2);
        Assert.Null(health.Describe(PartitionDuty.Journal));
    }

    [Fact]
    public Task RefuseIfHeldUp_AppendHangs_NobodyWaitsAndNothingCountsTwice() => OneAtATime.RunAsync(async () =>
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var options = new PartitionOptions();
        var journaled = new List<JournalEntry>();
        var nodes = new NodeTable();
        var mailbox = new PartitionMailbox(Journal(new PartitionHealth(_clock, _log), nodes), nodes, new SenderTable(), options, _clock, new PartitionMetrics(Metrics.DefaultFactory))
        {
            CorrectionsFrom = at => at,
            Dictionary = new() { Version = 1, Indicators = [Sample.Indicator(Sample.Rolling(TimeSpan.FromMinutes(5)), TimeSpan.FromMinutes(1))] },
            Journaled = journaled.Add,
            IsBacklogged = () => false,
            IsCongested = () => false,
        };
        var hang = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _store.Hang = hang.Task;
        var first = mailbox.PostAsync(Points(1));
        var running = mailbox.RunAsync(stop.Token);
        var second = mailbox.PostAsync(Points(2));

        _clock.Advance(options.MaxAppendWait - TimeSpan.FromMilliseconds(1));
        mailbox.RefuseIfHeldUp();
        Assert.False(first.IsCompleted || second.IsCompleted);
        _clock.Advance(TimeSpan.FromMilliseconds(1));
        mailbox.RefuseIfHeldUp();

        await Assert.ThrowsAsync<JournalHeldUpException>(() => first);
        await Assert.ThrowsAsync<JournalHeldUpException>(() => second);
        await Assert.ThrowsAsync<JournalHeldUpException>(() => mailbox.PostAsync(Points(2)));
        hang.SetResult();
        await UntilAsync(() => !mailbox.IsHeldUp);
        Assert.Equal(DeliveryStatus.Duplicate, (await mailbox.PostAsync(Points(1))).Status);
        Assert.Equal(DeliveryStatus.Accepted, (await mailbox.PostAsync(Points(2))).Status);
        Assert.Equal([1, 2], journaled.SelectMany(entry => entry.Items).Cast<PointsItem>().Select(item => item.Sequence));
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
    });

    [Fact]
    public Task RefuseIfHeldUp_LatePointIsBeingPutIn_HearsHowItEnds() => OneAtATime.RunAsync(async () =>
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var (options, nodes) = (new PartitionOptions(), new NodeTable());
        var mailbox = new PartitionMailbox(Journal(new PartitionHealth(_clock, _log), nodes), nodes, new SenderTable(), options, _clock, new PartitionMetrics(Metrics.DefaultFactory))
        {
            Dictionary = new() { Version = 1, Indicators = [Sample.Indicator(Sample.Rolling(TimeSpan.FromMinutes(5)), TimeSpan.FromMinutes(1))] },
            Journaled = _ => { },
            CorrectionsFrom = at => at,
            IsBacklogged = () => false,
            IsCongested = () => false,
        };
        var point = new LatePoint
        {
            Id = new LateId(3, 1, 0),
            Key = Sample.Node,
            Time = 1,
            Value = 1,
            Source = "s",
            ReceivedAt = 2,
            AllowedLateness = 1,
        };
        var hang = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _store.Hang = hang.Task;
        var reinjecting = mailbox.ReinjectAsync([point]);
        var running = mailbox.RunAsync(stop.Token);

        _clock.Advance(options.MaxAppendWait);
        mailbox.RefuseIfHeldUp();

        Assert.False(reinjecting.IsCompleted);
        await Assert.ThrowsAsync<JournalHeldUpException>(() => mailbox.ReinjectAsync([point]));
        hang.SetResult();
        Assert.Equal([ReinjectStatus.Reinjected], await reinjecting);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
    });

    private PointDelivery Points(long sequence) => new()
    {
        Source = "s",
        Epoch = 1,
        Sequence = sequence,
        PreviousSequence = sequence - 1,
        DictionaryVersion = 1,
        Nodes = [Sample.Node],
        Times = [_clock.GetUtcNow().ToUnixTimeMilliseconds()],
        Values = [1],
    };

    private PartitionJournal Journal(PartitionHealth health, NodeTable nodes) =>
        new(partition: 3, claimedAs: 1, lastAt: 0, nodes, _store, new PartitionOptions(), _clock, new PartitionMetrics(Metrics.DefaultFactory), health);

    private async Task UntilAsync(Func<bool> condition)
    {
        while (!condition())
        {
            TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
            _clock.Advance(TimeSpan.FromMilliseconds(10));
            await Task.Yield();
        }
    }

    private sealed class FullDisk() : DbException("disk is full");
}
