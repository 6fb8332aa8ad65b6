using Monitoring.Chaos.Faults;
using Monitoring.Chaos.Reporting;

namespace Monitoring.Chaos;

public sealed class ChaosTests
{
    private static readonly ChaosOptions Short = new()
    {
        Duration = TimeSpan.FromSeconds(30),
        Seed = 7,
        Silos = 0,
        Gateways = 1,
        Storage = "sqlite",
        Leaves = 1_000,
        Sources = 4,
        Rate = 2_000,
        Late = 5,
        Resent = 2,
        Corrected = 0,
        KillEvery = TimeSpan.FromSeconds(7),
        Cuts = false,
        Soak = false,
        Keep = false,
    };

    [Fact]
    public Task OneProcess_KilledAndPaused_LosesAndRepeatsNothing() => RunAsync(Short);

    [Fact]
    public Task OneProcess_WhosePostgreSqlIsKilledToo_LosesAndRepeatsNothing() =>
        RunAsync(Short with { Storage = "postgresql", KillEvery = TimeSpan.FromSeconds(5) });

    [Fact]
    public Task Cluster_WhoseProcessesAreKilledAndPausedWhilePointsAreCorrected_LosesAndRepeatsNothing() =>
        RunAsync(Short with { Silos = 2, Gateways = 2, Storage = "postgresql", Corrected = 5, KillEvery = TimeSpan.FromSeconds(5) });

    [Fact]
    public async Task Cluster_WhoseSiloIsCutOff_LosesAndRepeatsNothing()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "Network namespaces take root; run the tests as root to have silos cut off.");

        var report = await RunAsync(Short with
        {
            Duration = TimeSpan.FromSeconds(25),
            Silos = 3,
            Storage = "postgresql",
            Leaves = 200,
            Rate = 1_000,
            Cuts = true,
            KillEvery = TimeSpan.FromSeconds(5),
        });

        Assert.Contains(report.Faults, fault => fault.Kind == FaultKind.CutSilo);
    }

    private static async Task<ChaosReport> RunAsync(ChaosOptions options)
    {
        var output = TestContext.Current.TestOutputHelper;
        var scenario = new ChaosScenario(options, line => output?.WriteLine(line));

        var report = await scenario.RunAsync(TestContext.Current.CancellationToken);

        output?.WriteLine(report.Text);
        Assert.True(report.IsGood, report.Text);
        Assert.NotEmpty(report.Faults);
        Assert.True(report.Transitions > 0);
        Assert.True(report.RulesDecided > report.RulesUndecided);
        return report;
    }
}
