using Monitoring.ClusterTests.Storage;
using Monitoring.Recovery;

namespace Monitoring.ClusterTests.Recovery;

/// <summary>
/// Partitions die at every step of the pump and the exchange, and come back from what an engine really holds: every node equals what a
/// naive program computes from the points, every transition is logged once, and no journal has a gap.
/// </summary>
public abstract class EngineKillPointTests(TestStorage storage) : IAsyncDisposable
{
    public static TheoryData<PumpStepName, CrashRole> Steps => new MatrixTheoryData<PumpStepName, CrashRole>(
        PumpStepName.All, Enum.GetValues<CrashRole>());

    public async ValueTask DisposeAsync()
    {
        await storage.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Theory, MemberData(nameof(Steps))]
    public async Task Play_CrashesAtAStep_EqualsTheNaiveModel(PumpStepName name, CrashRole role)
    {
        await using var open = await storage.OpenAsync(SimulatedCluster.Partitions);
        var stores = new ClusterStores(open.Partitions, open.Late, open.History, open.AlertLogs, HasThreads: true);

        CrashPlan.Play(
            name.Step, role, new Dictionary<int, Crash> { [1] = Crash.LosesWrites, [3] = Crash.StoresWrites, [5] = Crash.Sleeps }, batches: 18, stores);
    }
}

public sealed class SqliteKillPointTests() : EngineKillPointTests(new SqliteFolder());

public sealed class PostgreSqlKillPointTests() : EngineKillPointTests(new PostgreSqlStorage());
