namespace Monitoring.Gateway.Hosting;

/// <summary>What the command line takes.</summary>
internal static class Usage
{
    private const string Text = """
        Usage: Monitoring.Gateway [--demo] [--Section:Name=value …]

          --demo                      stream recorded flights, with a dictionary for them where there is none
          --demo-speed N              so many times faster than the clock; 'max' is as fast as possible
          --Gateway:WebPort=8080      port of console, REST, health and metrics; 0 for any free one
          --Gateway:GrpcPort=8081     port of gRPC (plaintext HTTP/2); 0 for any free one
          --Gateway:Address=ADDRESS   address to listen on; 127.0.0.1 unless given, 0.0.0.0 for all
          --Storage:DataFolder=data   folder of everything durable
          --help                      this text

        Every option can also be given in the environment (Gateway__WebPort=8080) or in appsettings.json.
        docs/configuration.md lists all of them.
        """;

    /// <summary>True when somebody asks for help instead of a start.</summary>
    public static bool IsWanted(IEnumerable<string> arguments) => arguments.Any(argument => argument is "--help" or "-h" or "-?" or "/?");

    /// <summary>Prints it.</summary>
    /// <returns>The exit code.</returns>
    public static async Task<int> PrintAsync()
    {
        await System.Console.Out.WriteLineAsync(Text);
        return 0;
    }
}
