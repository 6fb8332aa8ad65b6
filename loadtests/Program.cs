using Monitoring;
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
        [var scenario, ..] => throw new UsageException($"'{scenario}' is not a scenario"),
        [] => throw new UsageException("which scenario?"),
    };
}
catch (UsageException mistake)
{
    Console.Error.WriteLine($"{mistake.Message}\n\n{TreeOptions.Usage}");
    return 2;
}
