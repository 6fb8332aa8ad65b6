using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Monitoring.Processes;

namespace Monitoring.Infrastructure;

/// <summary>A silo of a cluster in its own process, on free ports.</summary>
internal sealed partial class SiloProcess : IDisposable
{
    private static readonly TimeSpan _stopLimit = TimeSpan.FromSeconds(40);
    private readonly ExternalProgram _program;
    private readonly HttpClient _http;

    private SiloProcess(ExternalProgram program, Uri web)
    {
        _program = program;
        _http = new HttpClient { BaseAddress = web };
    }

    public string Output => _program.Text;

    /// <summary>Starts a silo and waits until it is a member of its cluster.</summary>
    public static async Task<SiloProcess> StartAsync(string connectionString, params string[] arguments)
    {
        var program = new ExternalProgram(
            "dotnet",
            ["exec", ProgramPath, $"--Cluster:ConnectionString={connectionString}", "--Silo:WebPort=0", "--Cluster:SiloPort=0", "--Cluster:GatewayPort=0", .. arguments]);
        try
        {
            await program.WroteAsync("joined cluster");
            return new SiloProcess(program, new Uri(WebAddress().Match(program.Text).Groups["web"].Value));
        }
        catch
        {
            program.Dispose();
            throw;
        }
    }

    /// <summary>Runs a silo that must not start.</summary>
    /// <returns>Exit code and what it wrote.</returns>
    public static async Task<(int Code, string Output)> RefuseAsync(params string[] arguments)
    {
        using var program = new ExternalProgram("dotnet", ["exec", ProgramPath, .. arguments]);
        var code = await program.EndedAsync(_stopLimit);
        return (code, program.Text);
    }

    /// <summary>Waits until it has its share of the partitions.</summary>
    public Task ReadyAsync() => Eventually.BecomesAsync(
        async () =>
        {
            using var response = await _http.GetAsync("/health/ready", TestContext.Current.CancellationToken);
            return response.IsSuccessStatusCode;
        },
        isReady => isReady);

    /// <summary>Number of partitions it has now.</summary>
    public async Task<int> PartitionsAsync()
    {
        var metrics = await _http.GetStringAsync("/metrics", TestContext.Current.CancellationToken);
        return int.Parse(ActivePartitions().Match(metrics).Groups["count"].Value, CultureInfo.InvariantCulture);
    }

    /// <summary>Ends it at once (SIGKILL).</summary>
    public Task KillAsync() => _program.KillAsync();

    /// <summary>Asks it to end, as a service manager does (SIGTERM), and waits.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> TerminateAsync()
    {
        using var signal = Process.Start("kill", ["-TERM", _program.Id.ToString(CultureInfo.InvariantCulture)]);
        return await _program.EndedAsync(_stopLimit);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _program.Dispose();
        _http.Dispose();
    }

    private static string ProgramPath => BuiltProgram.PathOf("silo", "Monitoring.Silo.dll");

    [GeneratedRegex(@"Health and metrics: (?<web>\S+)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex WebAddress();

    [GeneratedRegex(@"^monitoring_partitions_active (?<count>\d+)", RegexOptions.Multiline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex ActivePartitions();
}
