using System.Text.Json;

namespace Monitoring.Peers;

public sealed class PeersReportTests
{
    [Fact]
    public void ToJson_ComparesWithThePeersThatWereMeasured()
    {
        var report = Report() with { Prometheus = Result("prometheus") with { PointsPerSecond = 400_000 } };

        var json = JsonDocument.Parse(report.ToJson()).RootElement;

        Assert.Equal(1.25, json.GetProperty("ratio_to_prometheus").GetDouble());
        Assert.Equal(JsonValueKind.Null, json.GetProperty("ratio_to_postgresql").ValueKind);
        Assert.Equal(JsonValueKind.Null, json.GetProperty("ratio_to_victoriametrics").ValueKind);
        Assert.Equal(JsonValueKind.Null, json.GetProperty("postgresql").ValueKind);
        Assert.Equal(500_000, json.GetProperty("monitoring").GetProperty("points_per_second").GetDouble());
        Assert.Equal(4.5, json.GetProperty("prometheus").GetProperty("alert_ms_p50").GetDouble());
        Assert.Equal(9.5, json.GetProperty("prometheus").GetProperty("bytes_per_point").GetDouble());
    }

    [Fact]
    public void ToJson_IsOneLine() => Assert.DoesNotContain('\n', Report().ToJson());

    [Fact]
    public void ToTable_HasAColumnForEachSystemThatWasMeasured()
    {
        var table = (Report() with { PostgreSql = Result("postgresql") with { PointsPerSecond = 250_000 } }).ToTable();

        Assert.Contains("postgresql", table, StringComparison.Ordinal);
        Assert.Contains("2.00", table, StringComparison.Ordinal);
        Assert.DoesNotContain("victoriametrics", table, StringComparison.Ordinal);
    }

    [Fact]
    public void Correct_IsFalseWhenAPeersTotalIsWrong() =>
        Assert.False((Report() with { PostgreSql = Result("postgresql") with { IsTotalRight = false } }).Correct);

    [Fact]
    public void Correct_IsFalseWhenAnAlertIsMissing() =>
        Assert.False((Report() with { Prometheus = Result("prometheus") with { AlertsMissing = 1 } }).Correct);

    private static PeersReport Report() => new()
    {
        Leaves = 10_000,
        Batch = 1_000,
        Seconds = 35,
        Storage = "postgresql",
        LoadAverageBefore = 0.5,
        Monitoring = Result("monitoring") with { PointsPerSecond = 500_000 },
    };

    private static PeerResult Result(string name) => new()
    {
        Name = name,
        Version = "1.2.3",
        Connections = 1,
        PointsPerSecond = 1,
        AcknowledgedPerSecond = 1,
        AlertMsP50 = 4.5,
        AlertMsP99 = 5.5,
        AlertLoadMsP50 = 6.5,
        AlertLoadMsP99 = null,
        AlertsMissing = 0,
        CpuSeconds = 8.5,
        CpuUsPerPoint = 1.25,
        BytesPerPoint = 9.5,
        IsTotalRight = true,
    };
}
