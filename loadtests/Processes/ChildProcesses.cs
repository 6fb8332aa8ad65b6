using System.Globalization;

namespace Monitoring.Processes;

/// <summary>Processes that another one started, from <c>/proc</c>.</summary>
internal static class ChildProcesses
{
    /// <summary>Those that run now.</summary>
    public static IEnumerable<int> Of(int parent)
    {
        foreach (var entry in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(entry), CultureInfo.InvariantCulture, out var id) && ParentOf(id) == parent)
            {
                yield return id;
            }
        }
    }

    private static int ParentOf(int process)
    {
        try
        {
            // The name in parentheses may hold spaces, so fields are counted behind it: "42 (postgres) S 1 42 …".
            var stat = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{process}/stat"));
            return int.Parse(stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[1], CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            return 0; // It has just ended.
        }
    }
}
