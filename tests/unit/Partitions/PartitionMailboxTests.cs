using Microsoft.Extensions.Time.Testing;
using Monitoring.Dictionary;
using Monitoring.Indicators;
using Monitoring.Infrastructure;
using Prometheus;

namespace Monitoring.Partitions;

public sealed class PartitionMailboxTests
{
    [Fact]
    public async Task Close_PointsWait_RefusesThemAndCountsThemNoLonger()
    {
        var registry = Metrics.NewCustomRegistry();
        var metrics = new PartitionMetrics(Metrics.WithCustomRegistry(registry));
        var mailbox = new PartitionMailbox(journal: null!, new NodeTable(), new SenderTable(), new PartitionOptions(), TimeProvider.System, metrics)
        {
            CorrectionsFrom = at => at,
            Dictionary = DictionarySnapshot.Empty,
            Journaled = _ => { },
            IsBacklogged = () => false,
            IsCongested = () => false,
        };
        var waiting = mailbox.PostAsync(Points(3));
        Assert.Equal(3, await WaitingPointsAsync(registry));

        mailbox.Close(new PartitionClosedException(1));

        await Assert.ThrowsAsync<PartitionClosedException>(() => waiting);
        await Assert.ThrowsAsync<PartitionClosedException>(() => mailbox.PostAsync(Points(2)));
        Assert.Equal(0, await WaitingPointsAsync(registry));
    }

    [Fact]
    public Task RunAsync_HotSourceHasFarMoreWaiting_QuietOnesAreInTheNextEntry() => OneAtATime.RunAsync(async () =>
    {
        var options = new PartitionOptions { MaxEntryWeight = 2_000 };
        await using var mailbox = new HeldMailbox(options);
        var opening = mailbox.PostAsync("opening", 1);
        var hot = Enumerable.Range(1, 500).Select(sequence => mailbox.PostAsync("hot", 100, sequence)).ToList();
        var quiet = Enumerable.Range(1, 5).Select(number => mailbox.PostAsync($"quiet-{number}", 1)).ToList();

        mailbox.LetGo();
        await opening;
        var answers = await Task.WhenAll(quiet);
        Assert.All(answers, answer => Assert.Equal(DeliveryStatus.Accepted, answer.Status));
        await Task.WhenAll(hot);

        Assert.Equal(
            ["quiet-1", "quiet-2", "quiet-3", "quiet-4", "quiet-5"],
            mailbox.Journaled[1].Items.Cast<PointsItem>().Select(item => item.Source).Where(source => source != "hot").Order());
        Assert.All(mailbox.Journaled, entry => Assert.True(entry.Items.Cast<PointsItem>().Sum(item => item.Slots.Length) < options.MaxEntryWeight + 100));
        Assert.Equal(
            Enumerable.Range(1, 500).Select(sequence => (long)sequence),
            mailbox.Journaled.SelectMany(entry => entry.Items).Cast<PointsItem>().Where(item => item.Source == "hot").Select(item => item.Sequence));
    });

    [Fact]
    public Task PostAsync_HotSourceFillsTheMailbox_IsRefusedItselfAndQuietOnesAreNot() => OneAtATime.RunAsync(async () =>
    {
        await using var mailbox = new HeldMailbox(new PartitionOptions { MaxMailboxWeight = 1_000, MaxSourceWeight = 1_000 });
        var opening = mailbox.PostAsync("opening", 1);
        var hot = Enumerable.Range(1, 12).Select(sequence => mailbox.PostAsync("hot", 100, sequence)).ToList();
        await Assert.ThrowsAsync<PartitionBusyException>(() => hot[10]);
        await Assert.ThrowsAsync<PartitionBusyException>(() => hot[11]);

        var quiet = Enumerable.Range(1, 5).Select(number => mailbox.PostAsync($"quiet-{number}", 10)).ToList();

        // What gave way is the end of what the hot source has, so that sending it again leaves no gap.
        await Assert.ThrowsAsync<PartitionBusyException>(() => hot[9].WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken));
        mailbox.LetGo();
        await Task.WhenAll([opening, .. hot[..9], .. quiet]);
        Assert.Equal(DeliveryStatus.Accepted, (await mailbox.PostAsync("hot", 100, 10)).Status);
    });

    [Fact]
    public Task RefuseOverdue_SourceWaitedTooLong_RefusesAllItHasAndNothingOfOthers() => OneAtATime.RunAsync(async () =>
    {
        var options = new PartitionOptions();
        await using var mailbox = new HeldMailbox(options);
        var opening = mailbox.PostAsync("opening", 1);
        var early = mailbox.PostAsync("s", 1, 1);
        mailbox.Advance(options.MaxMailboxWait);
        var late = mailbox.PostAsync("s", 1, 2);
        var other = mailbox.PostAsync("other", 1);

        mailbox.RefuseOverdue();

        await Assert.ThrowsAsync<PartitionBusyException>(() => early);
        await Assert.ThrowsAsync<PartitionBusyException>(() => late);
        mailbox.LetGo();
        Assert.All(await Task.WhenAll(opening, other), answer => Assert.Equal(DeliveryStatus.Accepted, answer.Status));
        Assert.Equal(DeliveryStatus.Accepted, (await mailbox.PostAsync("s", 1, 1)).Status);
        Assert.Equal(DeliveryStatus.Accepted, (await mailbox.PostAsync("s", 1, 2)).Status);
    });

    [Fact]
    public Task RunAsync_ContributionsNeverEnd_PointsGoOn() => OneAtATime.RunAsync(async () =>
    {
        await using var mailbox = new HeldMailbox(new PartitionOptions { MaxEntryWeight = 8 });
        var opening = mailbox.PostAsync("opening", 1);
        for (var number = 0; number < 100; number++)
        {
            _ = mailbox.RequestAsync();
        }

        var quiet = mailbox.PostAsync("quiet", 1);
        mailbox.LetGo();
        await opening;
        await quiet;

        Assert.Contains(mailbox.Journaled[1].Items, item => item is PointsItem { Source: "quiet" });
    });

    [Fact]
    public Task PostAsync_BatchComesAgainAfterItsIndicatorChanged_NamesWhatWasRefusedAtFirst() => OneAtATime.RunAsync(async () =>
    {
        await using var mailbox = new HeldMailbox(new PartitionOptions()) { Dictionary = DictionarySnapshot.Empty };
        mailbox.LetGo();
        var refused = await mailbox.PostAsync("s", 2, 1);
        mailbox.Dictionary = HeldMailbox.WithIndicator;
        var accepted = await mailbox.PostAsync("s", 1, 2);
        var refusedAgain = await mailbox.PostAsync("s", 2, 1);
        mailbox.Dictionary = DictionarySnapshot.Empty;
        var acceptedAgain = await mailbox.PostAsync("s", 1, 2);

        Assert.Equal((DeliveryStatus.Accepted, "0,1"), Describe(refused));
        Assert.Equal((DeliveryStatus.Duplicate, "0,1"), Describe(refusedAgain));
        Assert.Equal((DeliveryStatus.Accepted, string.Empty), Describe(accepted));
        Assert.Equal((DeliveryStatus.Duplicate, string.Empty), Describe(acceptedAgain));
    });

    [Fact]
    public Task PostAsync_SenderGaveTheWaitUpAndSendsAgain_HoldsOneCopy() => OneAtATime.RunAsync(async () =>
    {
        await using var mailbox = new HeldMailbox(new PartitionOptions());
        var opening = mailbox.PostAsync("opening", 1);
        var epoch = mailbox.OpenAsync(sender: 2);
        var given = mailbox.ContributeAsync(sender: 2);
        var again = mailbox.ContributeAsync(sender: 2);

        await Assert.ThrowsAsync<TryAgainException>(() => given);
        mailbox.LetGo();
        await Task.WhenAll(opening, epoch);

        Assert.Equal(DeliveryStatus.Accepted, await again);
        Assert.Single(mailbox.Journaled.SelectMany(entry => entry.Items).OfType<ContributionsItem>());
        Assert.Equal(DeliveryStatus.Duplicate, await mailbox.ContributeAsync(sender: 2));
    });

    /// <summary>A mailbox whose first journal entry does not become durable before it is told to.</summary>
    private sealed class HeldMailbox : IAsyncDisposable
    {
        private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 5, 4, 3, 2, 1, TimeSpan.Zero));
        private readonly TaskCompletionSource _hang = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly CancellationTokenSource _stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        private readonly PartitionMailbox _mailbox;
        private Task? _running;

        public HeldMailbox(PartitionOptions options)
        {
            var (nodes, metrics) = (new NodeTable(), new PartitionMetrics(Metrics.DefaultFactory));
            var health = new PartitionHealth(_clock, new CollectedLog<PartitionHealth>());
            var store = new JournalStore { Hang = _hang.Task };
            var journal = new PartitionJournal(partition: 3, claimedAs: 1, lastAt: 0, nodes, store, options, _clock, metrics, health);
            _mailbox = new PartitionMailbox(journal, nodes, new SenderTable(), options, _clock, metrics)
            {
                CorrectionsFrom = at => at,
                Dictionary = WithIndicator,
                Journaled = Journaled.Add,
                IsBacklogged = () => false,
                IsCongested = () => false,
            };
        }

        public static DictionarySnapshot WithIndicator { get; } =
            new() { Version = 1, Indicators = [Sample.Indicator(Sample.Rolling(TimeSpan.FromMinutes(5)), TimeSpan.FromMinutes(1))] };

        public List<JournalEntry> Journaled { get; } = [];

        public DictionarySnapshot Dictionary
        {
            set => _mailbox.Dictionary = value;
        }

        /// <summary>Posts points; the first that come are the ones whose entry is held.</summary>
        public Task<PointDeliveryResult> PostAsync(string source, int count, long sequence = 1)
        {
            var posted = _mailbox.PostAsync(new PointDelivery
            {
                Source = source,
                Epoch = 1,
                Sequence = sequence,
                PreviousSequence = sequence - 1,
                DictionaryVersion = 1,
                Nodes = [.. Enumerable.Repeat(Sample.Node, count)],
                Times = [.. Enumerable.Repeat(_clock.GetUtcNow().ToUnixTimeMilliseconds(), count)],
                Values = new double[count],
            });
            _running ??= _mailbox.RunAsync(_stop.Token);
            return posted;
        }

        public Task OpenAsync(int sender) => _mailbox.OpenSenderAsync(sender, epoch: 1);

        public Task<DeliveryStatus> ContributeAsync(int sender) => _mailbox.PostAsync(new ContributionDelivery
        {
            Sender = sender,
            Epoch = 1,
            AfterEntry = 0,
            Entry = 5,
            DictionaryVersion = 1,
            Nodes = [Sample.Node],
            NodeIndexes = [0],
            Deltas = [new BucketDelta { Start = 0, Added = new Aggregate(1, 2) }],
            OldestAcceptedAt = 0,
        });

        public Task RequestAsync() => _mailbox.RequestSharesAsync([new ShareRequest { Node = Sample.Node, Start = 0, Round = 1 }]);

        public void LetGo() => _hang.SetResult();

        public void Advance(TimeSpan time) => _clock.Advance(time);

        public void RefuseOverdue() => _mailbox.RefuseOverdue();

        public async ValueTask DisposeAsync()
        {
            await _stop.CancelAsync();
            await (_running ?? Task.CompletedTask).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            _stop.Dispose();
        }
    }

    private static (DeliveryStatus Status, string Unknown) Describe(PointDeliveryResult result) =>
        (result.Status, string.Join(',', result.UnknownIndicators));

    private static PointDelivery Points(int count) => new()
    {
        Source = "s",
        Epoch = 1,
        Sequence = 1,
        PreviousSequence = 0,
        DictionaryVersion = 0,
        Nodes = [.. Enumerable.Repeat(new NodeKey("c", "a"), count)],
        Times = new long[count],
        Values = new double[count],
    };

    private static async Task<double> WaitingPointsAsync(CollectorRegistry registry)
    {
        using var stream = new MemoryStream();
        await registry.CollectAndExportAsTextAsync(stream, TestContext.Current.CancellationToken);
        var line = System.Text.Encoding.UTF8.GetString(stream.ToArray()).Split('\n')
            .Single(line => line.StartsWith("monitoring_partition_mailbox_points ", StringComparison.Ordinal));
        return double.Parse(line.Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture);
    }
}
