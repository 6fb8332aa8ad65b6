namespace Monitoring.Peers.Programs;

/// <summary>A folder that goes, with all in it, when it is disposed.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("monitoring-peer-");

    /// <summary>Its path.</summary>
    public string Path => _folder.FullName;

    /// <summary>Path of something in it.</summary>
    public string PathOf(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>Bytes of all files below a folder; 0 when there is none.</summary>
    public static long BytesOf(string folder) => Directory.Exists(folder)
        ? new DirectoryInfo(folder).EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Length)
        : 0;

    /// <inheritdoc/>
    public void Dispose() => _folder.Delete(recursive: true);
}
