using Monitoring;
using Monitoring.Age;
using Monitoring.All;
using Monitoring.Bulk;
using Monitoring.Chaos;
using Monitoring.FanIn;
using Monitoring.Nodes;
using Monitoring.Peers;
using Monitoring.Plots;
using Monitoring.Replay;
using Monitoring.Tree;
using Monitoring.Watchers;

using var interrupted = new CancellationTokenSource();
Console.CancelKeyPress += (_, pressed) =>
{
    pressed.Cancel = true;
    interrupted.Cancel();
};

(string Name, string Usage, Func<string[], Task<int>> RunAsync)[] scenarios =
[
    ("tree", TreeOptions.Usage, options => new TreeScenario(TreeOptions.Parse(options)).RunAsync(interrupted.Token)),
    ("fan-in", FanInScenario.Usage, options => new TreeScenario(FanInScenario.Parse(options)).RunAsync(interrupted.Token)),
    ("watchers", WatcherOptions.Usage, options => new WatchersScenario(WatcherOptions.Parse(options)).Scenario.RunAsync(interrupted.Token)),
    ("nodes", NodesOptions.Usage, options => new NodesScenario(NodesOptions.Parse(options)).Scenario.RunAsync(interrupted.Token)),
    ("age", AgeOptions.Usage, options => new AgeScenario(AgeOptions.Parse(options)).Scenario.RunAsync(interrupted.Token)),
    ("all", AllOptions.Usage, options => new AllScenarios(AllOptions.Parse(options)).RunAsync(interrupted.Token)),
    ("peers", PeersOptions.Usage, options => new PeersScenario(PeersOptions.Parse(options)).RunAsync(interrupted.Token)),
    ("plots", PlotsCommand.Usage, options => Task.FromResult(PlotsCommand.Parse(options).Run())),
    ("replay", ReplayOptions.Usage, options => new ReplayScenario(ReplayOptions.Parse(options)).RunAsync(interrupted.Token)),
    ("chaos", ChaosOptions.Usage, RunChaosAsync),
    ("bulk", BulkScenario.Usage, options => BulkScenario.Parse(options).RunAsync(interrupted.Token)),
];

var asked = args.FirstOrDefault();
var scenario = scenarios.FirstOrDefault(scenario => scenario.Name == asked);
try
{
    return scenario.Name is null
        ? throw new UsageException(asked is null ? "which scenario?" : $"'{asked}' is not a scenario")
        : await scenario.RunAsync(args[1..]);
}
catch (UsageException mistake)
{
    var usage = scenario.Usage ?? $"usage: loadtests SCENARIO [options]; scenarios: {string.Join(", ", scenarios.Select(known => known.Name))}";
    Console.Error.WriteLine($"{mistake.Message}\n\n{usage}");
    return 2;
}

async Task<int> RunChaosAsync(string[] options)
{
    var chaos = new ChaosScenario(
        ChaosOptions.Parse(options), line => Console.Error.WriteLine($"{TimeProvider.System.GetUtcNow():HH:mm:ss} {line}"));
    var report = await chaos.RunAsync(interrupted.Token);
    Console.WriteLine(report.Text);
    return report.IsGood ? 0 : 1;
}
