using System.Globalization;

namespace Monitoring.Dictionary;

public sealed class DictionaryGrainTests
{
    private static readonly TimeSpan Guard = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Apply_ValidFile_IsInForceStoredAndTold()
    {
        await using var cluster = await DictionaryCluster.StartAsync();
        Assert.Equal(0, (await cluster.GetAsync()).Version);

        var result = await cluster.ApplyAsync(Change(1));
        await cluster.DeactivateAsync();
        var snapshot = await cluster.GetAsync();

        Assert.Equal((1, true, true), (result.Version, result.Applied, result.Mistakes.IsEmpty));
        Assert.Equal((1, Yaml(1)), (snapshot.Version, snapshot.Yaml));
        var indicator = snapshot.Find("flights.delay")!;
        Assert.Equal((TimeSpan.FromMinutes(1), PeriodKind.Day, "UTC"), (indicator.Resolution, indicator.Period.Kind, indicator.Period.TimeZone));
        Assert.Equal(["state", "airport"], indicator.Breakdown);
        Assert.Equal((20.5, 20.5, TimeSpan.FromMinutes(2)), (indicator.Rules[0].Levels[0].Enter, indicator.Rules[0].Levels[0].Exit, indicator.Rules[0].Levels[0].For));
        Assert.Equal(["noc"], snapshot.Subscribers(new("flights.delay", "GA"), Alerting.AlertLevel.Critical));
        Assert.Equal([(0L, 1L), (1L, 1L), (2L, 1L)], cluster.Told.Order());
        Assert.Empty(DictionarySnapshot.Empty.Indicators);
    }

    [Fact]
    public async Task Apply_WithMistakesOrDry_ChangesNothing()
    {
        await using var cluster = await DictionaryCluster.StartAsync();
        await cluster.ApplyAsync(Change(1));

        var wrong = await cluster.ApplyAsync(new DictionaryChange { Yaml = "departments: []\n", FileName = "my.yaml" });
        var dry = await cluster.ApplyAsync(Change(2) with { DryRun = true });

        Assert.Equal((1, false, "my.yaml:1:1 indicators: is missing; write a list, [] for none"), (wrong.Version, wrong.Applied, Assert.Single(wrong.Mistakes).ToString()));
        Assert.Equal((1, false, true), (dry.Version, dry.Applied, dry.Mistakes.IsEmpty));
        Assert.Equal(1, cluster.Storage.Writes);
        Assert.Equal(3, cluster.Told.Count);
    }

    [Fact]
    public async Task Apply_IdenticalContent_IsAppliedWithoutANewVersion()
    {
        await using var cluster = await DictionaryCluster.StartAsync();
        await cluster.ApplyAsync(Change(1));
        await cluster.DeactivateAsync();

        var again = await cluster.ApplyAsync(new DictionaryChange { Yaml = Yaml(1) + "# The same.\n" });

        Assert.Equal((1, true), (again.Version, again.Applied));
        Assert.Equal(1, cluster.Storage.Writes);
        Assert.Null(await cluster.GetNewerAsync(1));
        Assert.Equal(1, (await cluster.GetNewerAsync(0))!.Version);
    }

    [Fact]
    public async Task Apply_WriteFails_LeavesTheOldInForce()
    {
        await using var cluster = await DictionaryCluster.StartAsync();
        await cluster.ApplyAsync(Change(1));
        cluster.Storage.BeforeWrite = () => throw new IOException("The disk is full.");

        await Assert.ThrowsAsync<OrleansException>(() => cluster.ApplyAsync(Change(2)));

        Assert.Equal((1, Yaml(1)), ((await cluster.GetAsync()).Version, (await cluster.GetAsync()).Yaml));
        Assert.Equal(3, cluster.Told.Count);
        cluster.Storage.BeforeWrite = () => Task.CompletedTask;
        Assert.Equal(2, (await cluster.ApplyAsync(Change(2))).Version);
    }

    [Fact]
    public async Task Get_WhileTheNextIsBeingStored_GivesTheOld()
    {
        await using var cluster = await DictionaryCluster.StartAsync();
        await cluster.ApplyAsync(Change(1));
        var (writing, mayWrite) = (new TaskCompletionSource(), new TaskCompletionSource());
        cluster.Storage.BeforeWrite = () =>
        {
            writing.SetResult();
            return mayWrite.Task;
        };

        var applying = cluster.ApplyAsync(Change(2));
        await writing.Task.WaitAsync(Guard, TestContext.Current.CancellationToken);
        var meanwhile = await cluster.GetAsync();
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => cluster.GetVersionAsync(2));
        mayWrite.SetResult();

        Assert.Equal((1, 2), (meanwhile.Version, (await applying).Version));
    }

    [Fact]
    public async Task GetVersion_ByAPartitionThatIsBeingTold_GivesTheNewOne()
    {
        await using var cluster = await DictionaryCluster.StartAsync();
        var asked = 0;
        cluster.WhenTold = async (_, version) =>
        {
            Assert.Equal(version, (await cluster.GetVersionAsync(version)).Version);
            Interlocked.Increment(ref asked);
        };

        await cluster.ApplyAsync(Change(1));

        Assert.Equal(3, asked);
    }

    [Fact]
    public async Task Apply_PartitionFailsOrHangs_IsAppliedAllTheSame()
    {
        await using var cluster = await DictionaryCluster.StartAsync(options => (options.TellTimeout, options.TellParallelism) = (TimeSpan.FromMilliseconds(100), 2));
        cluster.WhenTold = (partition, _) => partition switch
        {
            0 => throw new InvalidOperationException("It steps down."),
            1 => new TaskCompletionSource().Task,
            _ => Task.CompletedTask,
        };

        var result = await cluster.ApplyAsync(Change(1)).WaitAsync(Guard, TestContext.Current.CancellationToken);

        Assert.True(result.Applied);
        Assert.Equal([(2L, 1L)], cluster.Told);
    }

    [Fact]
    public async Task GetVersion_Pruned_SaysSoAndWhichIsTheOldestKept()
    {
        await using var cluster = await DictionaryCluster.StartAsync(options => options.HistoryLength = 2);
        for (var version = 1; version <= 5; version++)
        {
            Assert.Equal(version, (await cluster.ApplyAsync(Change(version))).Version);
        }

        await cluster.DeactivateAsync();
        foreach (var kept in new[] { 0, 3, 4, 5 })
        {
            Assert.Equal(kept, (await cluster.GetVersionAsync(kept)).Version);
        }

        var gone = await Assert.ThrowsAsync<DictionaryVersionGoneException>(() => cluster.GetVersionAsync(2));
        Assert.Equal((3, true), (gone.OldestKept, gone.Message.Contains("Version 2 ", StringComparison.Ordinal)));
        Assert.Equal(Yaml(4), (await cluster.GetVersionAsync(4)).Yaml);
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => cluster.GetVersionAsync(6));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => cluster.GetVersionAsync(-1));
    }

    [Fact]
    public async Task Apply_ShapeOfAStoredCodeChanges_IsRefusedAfterARestartToo()
    {
        await using var cluster = await DictionaryCluster.StartAsync();
        await cluster.ApplyAsync(Change(1));
        await cluster.ApplyAsync(new DictionaryChange { Yaml = "departments: []\nindicators: []\n" });
        await cluster.DeactivateAsync();

        var result = await cluster.ApplyAsync(
            new DictionaryChange { Yaml = Yaml(3).Replace("[state, airport]", "[airport]", StringComparison.Ordinal) });

        Assert.Equal((2, false), (result.Version, result.Applied));
        Assert.Equal("indicators[0].breakdown", Assert.Single(result.Mistakes).Field);
    }

    private static DictionaryChange Change(int number) => new() { Yaml = Yaml(number) };

    private static string Yaml(int number) => string.Create(CultureInfo.InvariantCulture, $$"""
        departments:
          - { id: noc, name: Centre {{number}}, subscriptions: [{ indicator: "*" }] }
        indicators:
          - code: flights.delay
            name: { zh: 延误, en: Delay }
            statistic: average
            breakdown: [state, airport]
            resolution: 1m
            period: { day: UTC }
            owner: noc
            rules:
              - { id: high, name: High, when: above, levels: { warning: { enter: 20.5, for: 2m } } }

        """);
}
