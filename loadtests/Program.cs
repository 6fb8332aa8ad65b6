using Monitoring;
using Monitoring.Bulk;
using Monitoring.Chaos;
using Monitoring.Micro;
using Monitoring.Replay;
using Monitoring.Tree;

using var interrupted = new CancellationTokenSource();
Console.CancelKeyPress += (_, pressed) =>
{
    pressed.Cancel = true;
    interrupted.Cancel();
};

try
{
    return args switch
    {
        ["tree", .. var options] => await new TreeScenario(TreeOptions.Parse(options)).RunAsync(interrupted.Token),
        ["chaos", .. var options] => await RunChaosAsync(ChaosOptions.Parse(options)),
        ["replay", .. var options] => await new ReplayScenario(ReplayOptions.Parse(options)).RunAsync(interrupted.Token),
        ["bulk", .. var options] => await BulkScenario.Parse(options).RunAsync(interrupted.Token),
        ["micro", .. var options] => MicroScenario.Run(options, interrupted.Token),
        [var scenario, ..] => throw new UsageException($"'{scenario}' is not a scenario"),
        [] => throw new UsageException("which scenario?"),
    };
}
catch (UsageException mistake)
{
    Console.Error.WriteLine($"{mistake.Message}\n\n{TreeOptions.Usage}\n{ChaosOptions.Usage}\n{ReplayOptions.Usage}\n{BulkScenario.Usage}\n{MicroScenario.Usage}");
    return 2;
}

async Task<int> RunChaosAsync(ChaosOptions options)
{
    var report = await new ChaosScenario(options, line => Console.Error.WriteLine($"{TimeProvider.System.GetUtcNow():HH:mm:ss} {line}"))
        .RunAsync(interrupted.Token);
    Console.WriteLine(report.Text);
    return report.IsGood ? 0 : 1;
}
