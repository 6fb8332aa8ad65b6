namespace Monitoring.Gateway.Demo;

/// <summary>The demo's short forms on the command line.</summary>
internal static class DemoCommandLine
{
    /// <summary>
    /// Replaces <c>--demo</c> and <c>--demo-speed N</c> (or <c>max</c>) by configuration keys, because the configuration system takes
    /// whatever follows a switch without a value for its value.
    /// </summary>
    public static string[] Expand(IReadOnlyList<string> arguments)
    {
        var expanded = new List<string>(arguments.Count);
        for (var index = 0; index < arguments.Count; index++)
        {
            switch (arguments[index])
            {
                case "--demo":
                    expanded.Add("--Demo:Enabled=true");
                    break;
                case "--demo-speed" when index + 1 < arguments.Count:
                    expanded.Add(SpeedKey(arguments[++index]));
                    break;
                case var argument when argument.StartsWith("--demo-speed=", StringComparison.Ordinal):
                    expanded.Add(SpeedKey(argument["--demo-speed=".Length..]));
                    break;
                default:
                    expanded.Add(arguments[index]);
                    break;
            }
        }

        return [.. expanded];
    }

    private static string SpeedKey(string speed) => speed == "max" ? "--Demo:AsFastAsPossible=true" : $"--Demo:Speed={speed}";
}
