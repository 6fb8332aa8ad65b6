using Monitoring.Gateway.Demo;

namespace Monitoring.Demo;

public sealed class DemoScheduleFileTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("monitoring-demo-");

    [Fact]
    public void Load_NothingSaved_IsEmpty() => Assert.Equal(DemoSchedule.Empty, new DemoScheduleFile(FilePath).Load());

    [Fact]
    public void Load_Saved_IsTheSameSchedule()
    {
        var schedule = DemoSchedule.Empty
            .Resume(0, DateTimeOffset.UnixEpoch.AddDays(20_000), new DemoPace(60, 10, 100, AsFastAsPossible: false))
            .Reserve(64)
            .Resume(64, DateTimeOffset.UnixEpoch.AddDays(20_001), new DemoPace(7.5, 3, 30, AsFastAsPossible: true));

        new DemoScheduleFile(FilePath).Save(schedule);
        var loaded = new DemoScheduleFile(FilePath).Load();

        Assert.Equal(schedule.ReservedThrough, loaded.ReservedThrough);
        Assert.Equal(schedule.Segments.AsEnumerable(), loaded.Segments);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private string FilePath => Path.Combine(_folder.FullName, "new", "demo-schedule.json");
}
