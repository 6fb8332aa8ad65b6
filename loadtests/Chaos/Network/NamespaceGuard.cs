using System.Diagnostics;
using System.Globalization;

namespace Monitoring.Chaos.Network;

/// <summary>
/// Clears a run's namespaces away: a process that reads from a pipe of ours, so that it also does when this program is killed. What runs in
/// them then ends with them.
/// </summary>
internal sealed class NamespaceGuard : IAsyncDisposable
{
    /// <summary>Where the system lists namespaces with names.</summary>
    public const string Folder = "/run/netns";

    private const string NamePrefix = "monitoring-chaos-";

    private const string Clear = """
        for file in /run/netns/"$1"*; do
            [ -e "$file" ] || continue
            name=${file##*/}
            for process in $(ip netns pids "$name"); do kill -9 "$process"; done
            ip netns del "$name"
        done
        """;

    private static int _networks;
    private readonly Process _process;

    private NamespaceGuard(string prefix)
    {
        Prefix = prefix;
        _process = Start($"trap '' INT TERM; cat >/dev/null; {Clear}", prefix);
    }

    /// <summary>Names of this run's namespaces begin with it.</summary>
    public string Prefix { get; }

    /// <summary>Stands guard over names of our own, and clears away what runs have left whose process and guard were both killed.</summary>
    public static async Task<NamespaceGuard> StartAsync()
    {
        foreach (var left in Directory.Exists(Folder) ? Directory.GetFiles(Folder, $"{NamePrefix}*") : [])
        {
            var name = Path.GetFileName(left);
            var owner = name[NamePrefix.Length..].Split('-')[0];
            if (int.TryParse(owner, CultureInfo.InvariantCulture, out var process) && !Directory.Exists($"/proc/{owner}"))
            {
                using var clearing = Start(Clear, string.Create(CultureInfo.InvariantCulture, $"{NamePrefix}{process}-"));
                clearing.StandardInput.Close();
                await clearing.WaitForExitAsync();
            }
        }

        var number = Interlocked.Increment(ref _networks);
        return new NamespaceGuard(string.Create(CultureInfo.InvariantCulture, $"{NamePrefix}{Environment.ProcessId}-{number}-"));
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private static Process Start(string script, string prefix) =>
        Process.Start(new ProcessStartInfo("sh", ["-c", script, "guard", prefix]) { RedirectStandardInput = true, UseShellExecute = false })!;
}
