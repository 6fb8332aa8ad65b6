using System.Collections.Immutable;
using Monitoring.Indicators;
using Monitoring.Partitions;

namespace Monitoring.ClusterTests.Engine;

/// <summary>However much one source sends, the others go on.</summary>
public sealed class FairnessTests
{
    private const string Code = LoadDictionary.Code;
    private static readonly NodeKey Node = new(Code, "a");
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(20); // The tests hold the journal up.
    private static readonly long Now = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();

    [Fact]
    public async Task DeliverPoints_OneSourceFloods_AcksOfTheOtherKeepComing()
    {
        var token = TestContext.Current.CancellationToken;
        const int entryWeight = 1_000;
        const int floodPoints = 60 * entryWeight;
        var journal = new HeldJournal();
        await using var cluster = await EngineCluster.StartAsync(
            options => (options.MaxEntryWeight, options.MaxAppendWait, options.MaxMailboxWait) = (entryWeight, _patience, _patience), journal);
        var version = await cluster.ApplyAsync(LoadDictionary.Content);
        var partition = cluster.Partition(cluster.Map.PartitionOf(Node));
        await EngineCluster.Persistently(() => partition.DeliverManyAsync([Points("quiet", 1, 1, version)]));
        await cluster.SettleAsync();

        journal.Hold(cluster.Map.PartitionOf(Node));
        var flood = partition.DeliverManyAsync([.. Enumerable.Range(1, floodPoints / 100).Select(sequence => Points("hot", sequence, 100, version))], token);
        for (var sequence = 2; sequence <= 11; sequence++)
        {
            var quiet = partition.DeliverManyAsync([Points("quiet", sequence, 1, version)], token);

            // Answered behind the delivery, which waits then; an entry may be under way without it, the next one has it.
            await partition.ListNodesAsync(new NodeSelection { Code = Code }, token);
            for (var entry = 0; entry < 3; entry++)
            {
                await journal.LetOneGoAsync();
            }

            var result = Assert.Single(await quiet.WaitAsync(TimeSpan.FromSeconds(10), token));
            Assert.Equal(DeliveryStatus.Accepted, result.Status);
            Assert.False(flood.IsCompleted);
        }

        journal.LetAllGo();
        Assert.All(await flood, result => Assert.Equal(DeliveryStatus.Accepted, result.Status));
        await cluster.SettleAsync();
        Assert.Equal(floodPoints + 11, (await cluster.ReadTotalsAsync(Code))[string.Empty].Count);
    }

    [Fact]
    public async Task DeliverPoints_NoRoomForOneOfTwoSources_RefusesItsEndAlone()
    {
        var token = TestContext.Current.CancellationToken;
        var journal = new HeldJournal();
        await using var cluster = await EngineCluster.StartAsync(
            options => (options.MaxSourceWeight, options.MaxAppendWait, options.MaxMailboxWait) = (1_000, _patience, _patience), journal);
        var (partition, version, appending) = await HoldAsync(cluster, journal);

        var shared = partition.DeliverManyAsync(
            [.. Enumerable.Range(1, 12).Select(sequence => Points("hot", sequence, 100, version)), Points("quiet", 1, 1, version)], token);
        await partition.ListNodesAsync(new NodeSelection { Code = Code }, token);
        journal.LetAllGo();

        Assert.Equal(
            [.. Enumerable.Repeat(DeliveryStatus.Accepted, 10), DeliveryStatus.Busy, DeliveryStatus.Busy, DeliveryStatus.Accepted],
            (await shared).Select(result => result.Status));
        Assert.Equal(DeliveryStatus.Accepted, Assert.Single(await appending).Status);
        var again = await partition.DeliverManyAsync([Points("hot", 11, 100, version), Points("hot", 12, 100, version)], token);
        Assert.All(again, result => Assert.Equal(DeliveryStatus.Accepted, result.Status));
    }

    [Fact]
    public async Task DeliverPoints_PartitionHasMuchToDo_AnswersInTimeThatItLives()
    {
        var token = TestContext.Current.CancellationToken;
        var journal = new HeldJournal();
        await using var cluster = await EngineCluster.StartAsync(
            options => (options.MaxAppendWait, options.MaxMailboxWait) = (_patience, TimeSpan.FromMilliseconds(100)), journal);
        var (partition, version, appending) = await HoldAsync(cluster, journal);

        var waiting = await partition.DeliverManyAsync([Points("s", 1, 1, version), Points("s", 2, 1, version)], token);
        await Assert.ThrowsAsync<PartitionBusyException>(() => partition.DeliverPointsAsync([Points("s", 1, 1, version)], token));

        Assert.All(waiting, result => Assert.Equal(DeliveryStatus.Busy, result.Status));
        Assert.False(appending.IsCompleted);
        journal.LetAllGo();
        Assert.Equal(DeliveryStatus.Accepted, Assert.Single(await appending).Status);
        Assert.Equal(DeliveryStatus.Accepted, (await cluster.DeliverAsync(cluster.Map.PartitionOf(Node), Points("s", 1, 1, version))).Status);
    }

    /// <summary>Holds the journal of the node's partition up while it appends a point of a source of its own.</summary>
    private static async Task<(IPartitionGrain Partition, long Version, Task<ImmutableArray<PointDeliveryResult>> Appending)> HoldAsync(
        EngineCluster cluster, HeldJournal journal)
    {
        var token = TestContext.Current.CancellationToken;
        var version = await cluster.ApplyAsync(LoadDictionary.Content);
        var partition = cluster.Partition(cluster.Map.PartitionOf(Node));
        await EngineCluster.Persistently(() => partition.DeliverManyAsync([Points("opening", 1, 1, version)]));
        await cluster.SettleAsync();
        journal.Hold(cluster.Map.PartitionOf(Node));
        var appending = partition.DeliverManyAsync([Points("opening", 2, 1, version)], token);
        await partition.ListNodesAsync(new NodeSelection { Code = Code }, token); // Answered behind the delivery, which is being appended then.
        return (partition, version, appending);
    }

    private static PointDelivery Points(string source, int sequence, int count, long version) => new()
    {
        Source = source,
        Epoch = 1,
        Sequence = sequence,
        PreviousSequence = sequence - 1,
        DictionaryVersion = version,
        Nodes = [.. Enumerable.Repeat(Node, count)],
        Times = [.. Enumerable.Repeat(Now, count)],
        Values = new double[count],
    };
}
