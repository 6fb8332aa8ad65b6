namespace Monitoring.Gateway.Hosting;

/// <summary>What the command line says to the configuration.</summary>
internal static class CommandLine
{
    private const string Demo = "--demo";

    /// <summary>
    /// The arguments without the switch --demo: the configuration would read the argument behind a switch as its value.
    /// </summary>
    public static string[] ForConfiguration(string[] arguments) =>
        [.. arguments.Where(argument => !argument.Equals(Demo, StringComparison.OrdinalIgnoreCase))];
}
