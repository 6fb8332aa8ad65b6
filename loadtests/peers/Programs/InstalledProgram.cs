namespace Monitoring.Peers.Programs;

/// <summary>Programs of the system's packages.</summary>
internal static class InstalledProgram
{
    /// <summary>File of a program on the PATH; null when it is not installed.</summary>
    public static string? Find(string name)
    {
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? string.Empty).Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        return folders.Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists);
    }

    /// <summary>Whether all of them are there.</summary>
    public static bool AreThere(params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (Find(name) is null)
            {
                return false;
            }
        }

        return true;
    }
}
