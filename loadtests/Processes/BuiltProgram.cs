namespace Monitoring.Processes;

/// <summary>
/// Programs of this repository, built with the same configuration as the one that runs: …/PROJECT/bin/CONFIGURATION/FRAMEWORK/.
/// </summary>
internal static class BuiltProgram
{
    /// <summary>File of a program.</summary>
    /// <param name="project">Folder of its project.</param>
    /// <param name="file">Name of its file.</param>
    public static string PathOf(string project, string file)
    {
        var framework = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar));
        var configuration = framework.Parent!;
        for (var root = configuration.Parent?.Parent; root is not null; root = root.Parent)
        {
            var program = Path.Combine(root.FullName, project, "bin", configuration.Name, framework.Name, file);
            if (File.Exists(Path.Combine(root.FullName, "Monitoring.sln")) && File.Exists(program))
            {
                return program;
            }
        }

        throw new FileNotFoundException($"{project} is not built for {configuration.Name} in a folder above {framework.FullName}.");
    }
}
