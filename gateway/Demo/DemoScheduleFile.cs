using System.Text.Json;

namespace Monitoring.Gateway.Demo;

/// <summary>Keeps the schedule beside the data it belongs to. A crash leaves the old or the new one, never a part.</summary>
internal sealed class DemoScheduleFile(string path)
{
    private static readonly JsonSerializerOptions _json = new() { WriteIndented = true };

    /// <summary>The schedule that was saved last; <see cref="DemoSchedule.Empty"/> when none was.</summary>
    /// <exception cref="JsonException">The file is not a schedule.</exception>
    public DemoSchedule Load()
    {
        if (!File.Exists(path))
        {
            return DemoSchedule.Empty;
        }

        using var file = File.OpenRead(path);
        return JsonSerializer.Deserialize<DemoSchedule>(file, _json) ?? DemoSchedule.Empty;
    }

    /// <summary>Replaces the saved schedule; returns once it is on disk.</summary>
    public void Save(DemoSchedule schedule)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        var next = path + ".next";
        using (var file = new FileStream(next, FileMode.Create, FileAccess.Write, FileShare.None))
        {
            JsonSerializer.Serialize(file, schedule, _json);
            file.Flush(flushToDisk: true);
        }

        File.Move(next, path, overwrite: true);
    }
}
