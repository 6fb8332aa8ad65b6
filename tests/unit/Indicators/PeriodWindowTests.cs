using CsCheck;
using Monitoring.Dictionary;
using Monitoring.Infrastructure;

namespace Monitoring.Indicators;

public sealed class PeriodWindowTests
{
    private static readonly long From = new DateTimeOffset(2010, 1, 1, 0, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds();
    private static readonly long Until = new DateTimeOffset(2035, 1, 1, 0, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds();

    [Fact]
    public void BucketStart_AnyTime_IsTheLastMultipleAtOrBeforeIt() =>
        Gen.Select(Gen.Long[-10_000_000_000, 10_000_000_000], Gen.OneOf(1L, 7L, 1_000L, 60_000L, 86_400_000L)).Sample((time, resolution) =>
        {
            var start = PeriodWindow.BucketStart(time, resolution);

            Assert.Equal(0, start % resolution);
            Assert.InRange(time, start, start + resolution - 1);
        });

    [Fact]
    public void At_Rolling_IsWholeBucketsThatEndWithTheRunningOne() =>
        Gen.Select(Gen.Long[0, 10_000_000_000], Gen.OneOf(1, 5, 60), Gen.Int[1, 100]).Sample((now, resolution, buckets) =>
        {
            var width = resolution * 1_000L;
            var definition = Sample.Indicator(Sample.Rolling(TimeSpan.FromSeconds(resolution * buckets)), TimeSpan.FromSeconds(resolution));

            var window = PeriodWindow.At(definition, definition.Period, now);

            Assert.InRange(now, window.End - width, window.End - 1);
            Assert.Equal(buckets * width, window.End - window.Start);
            Assert.Equal(0, window.Start % width);
        });

    [Theory]
    [InlineData("UTC")]
    [InlineData("Asia/Shanghai")]
    [InlineData("America/New_York")]
    [InlineData("Europe/Berlin")]
    [InlineData("Australia/Lord_Howe")]
    [InlineData("Asia/Beirut")]
    [InlineData("America/Santiago")]
    [InlineData("Asia/Kathmandu")]
    public void DayOf_AnyTime_HoldsTheTimesOfThatLocalDateAndNoOthers(string timeZone) =>
        Gen.Long[From, Until].Sample(time =>
        {
            // The oracle is the framework's own time zone data, not NodaTime's.
            var zone = TimeZoneInfo.FindSystemTimeZoneById(timeZone);
            DateOnly LocalDate(long at) => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(DateTimeOffset.FromUnixTimeMilliseconds(at), zone).DateTime);

            var day = PeriodWindow.DayOf(Days(timeZone), time);

            Assert.InRange(time, day.Start, day.End - 1);
            Assert.Equal(LocalDate(time), LocalDate(day.Start));
            Assert.Equal(LocalDate(time), LocalDate(day.End - 1));
            Assert.Equal(LocalDate(time).AddDays(-1), LocalDate(day.Start - 1));
            Assert.Equal(LocalDate(time).AddDays(1), LocalDate(day.End));
        });

    [Theory]
    [InlineData("America/New_York", "2026-03-08T12:00:00Z", 23)]
    [InlineData("America/New_York", "2026-11-01T12:00:00Z", 25)]
    [InlineData("America/New_York", "2026-07-01T12:00:00Z", 24)]
    [InlineData("Australia/Lord_Howe", "2026-04-04T20:00:00Z", 24.5)]
    [InlineData("Asia/Shanghai", "2026-03-08T12:00:00Z", 24)]
    public void DayOf_ClocksChange_IsLongerOrShorter(string timeZone, string time, double hours)
    {
        var day = PeriodWindow.DayOf(Days(timeZone), DateTimeOffset.Parse(time, System.Globalization.CultureInfo.InvariantCulture).ToUnixTimeMilliseconds());

        Assert.Equal(hours, (day.End - day.Start) / 3_600_000.0);
    }

    [Fact]
    public void DayOf_NextDateWasSkipped_EndsWhereTheOneAfterItBegins()
    {
        // Samoa went from Thursday 29 December 2011 straight to Saturday 31 December.
        var time = new DateTimeOffset(2011, 12, 29, 15, 0, 0, TimeSpan.FromHours(-10)).ToUnixTimeMilliseconds();

        var day = PeriodWindow.DayOf(Days("Pacific/Apia"), time);

        Assert.Equal(new DateTimeOffset(2011, 12, 31, 0, 0, 0, TimeSpan.FromHours(14)).ToUnixTimeMilliseconds(), day.End);
        Assert.Equal(24 * 3_600_000, day.End - day.Start);
    }

    private static IndicatorDefinition Days(string timeZone) => Sample.Indicator(Sample.Day(timeZone), TimeSpan.FromMinutes(1));
}
