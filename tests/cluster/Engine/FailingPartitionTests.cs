using Microsoft.Extensions.DependencyInjection;
using Monitoring.ClusterTests.Storage;
using Monitoring.Indicators;
using Monitoring.Partitions;

namespace Monitoring.ClusterTests.Engine;

/// <summary>A partition that fails at what it has journaled fails again after each start; whoever looks after the centre must see it.</summary>
public sealed class FailingPartitionTests
{
    [Fact]
    public async Task Apply_FailsAgainAndAgain_IsToldByReadinessUntilItWorks()
    {
        var storage = new FailingStorage();
        await using var cluster = await EngineCluster.StartAsync(options => options.StartInterval = TimeSpan.FromSeconds(1), storage);
        var version = await cluster.ApplyAsync(LoadDictionary.Content);
        var (key, now) = (new NodeKey(LoadDictionary.Code, "a"), TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds());
        var source = new TestSource(cluster, "source");
        await source.SendAsync([new TestPoint(key, now, 1)], version);
        await cluster.SettleAsync();
        Assert.All(Sentences(), Assert.Null);

        storage.Failing = cluster.Map.PartitionOf(key);
        await source.SendAsync([new TestPoint(key, now, 2)], version);
        await EngineCluster.Persistently(() => Sentences().Any(sentence => sentence is not null)
            ? Task.CompletedTask : throw new InvalidOperationException("Nothing is told yet."));
        Assert.Contains(
            $"Partition {storage.Failing} cannot apply what it has journaled since ", Sentences().Single(sentence => sentence is not null), StringComparison.Ordinal);

        storage.Failing = -1;
        await EngineCluster.Persistently(() => Sentences().All(sentence => sentence is null)
            ? Task.CompletedTask : throw new InvalidOperationException("It is told still."));
        await cluster.SettleAsync();
        var total = (await cluster.ReadTotalsAsync(LoadDictionary.Code))["a"];
        Assert.Equal((2, 3.0), (total.Count, total.Sum));

        IEnumerable<string?> Sentences() =>
            cluster.ServicesOfAll.Select(services => services.GetRequiredService<PartitionHealth>().Describe(PartitionDuty.Apply));
    }

    private sealed class FailingStorage : TestStorage, IPumpObserver
    {
        private readonly SqliteFolder _inner = new();
        private volatile int _failing = -1;

        /// <summary>The partition that cannot apply anything; -1 for none.</summary>
        public int Failing
        {
            get => _failing;
            set => _failing = value;
        }

        public void Reached(int partition, long epoch, PumpStep step)
        {
            if (partition == _failing && step == PumpStep.Applied)
            {
                throw new InvalidOperationException("It cannot be computed.");
            }
        }

        public override ValueTask DisposeAsync() => _inner.DisposeAsync();

        internal override Task<OpenStorage> OpenAsync(int partitions = Partitions) => _inner.OpenAsync(partitions);

        internal override void AddTo(ISiloBuilder silo, OpenStorage open)
        {
            _inner.AddTo(silo, open);
            silo.Services.AddSingleton<IPumpObserver>(this);
        }
    }
}
