using Monitoring.Gateway.Demo;

namespace Monitoring.Demo;

public sealed class FlightDataTests
{
    private const string Csv = """
        time,state,origin,destination,delay_minutes,distance_miles
        2001-01-01T00:01:00Z,AK,ANC,LAX,-13,2345
        2001-01-01T00:01:00Z,GA,ATL,SAV,31,215
        2001-01-01T23:59:00Z,GA,ATL,TPA,15,406
        2001-01-02T00:00:00Z,NV,LAS,PHL,16,2176
        """;

    private static readonly DemoSlot _slot = new(0, 1, DateTimeOffset.FromUnixTimeMilliseconds(1_000));

    [Fact]
    public void Parse_Lines_MakeABatchOfEachMinuteWithDepartures()
    {
        var flights = FlightData.Parse(new StringReader(Csv));

        Assert.Equal(["AK/ANC", "GA/ATL", "NV/LAS"], flights.Airports);
        Assert.Equal(2, flights.BatchCount(1));
        Assert.Equal(3, flights.BatchCount(2));
        Assert.Equal([new Flight(1, 0, -13, 2345), new Flight(1, 1, 31, 215)], flights.Batch(0).ToArray());
        Assert.Equal([new Flight(24 * 60, 2, 16, 2176)], flights.Batch(2).ToArray());
    }

    [Fact]
    public void Load_DataOfTheProgram_HoldsEveryDeparture()
    {
        var flights = FlightData.Load();

        var batches = Enumerable.Range(0, flights.BatchCount(DemoOptions.DaysOfData)).Select(index => flights.Batch(index).Length).ToArray();
        Assert.Equal(163_987, batches.Sum());
        Assert.Equal(223, flights.Airports.Count);
        Assert.InRange(batches.Max(), 1, 199); // Five points a flight, and a gateway takes at least 1,000 a batch.
    }

    [Fact]
    public void Create_FirstUse_BindsHandlesAndLaterUseSendsThemAlone()
    {
        var points = new FlightPoints(FlightData.Parse(new StringReader(Csv)));

        var first = points.Create(1, _slot);
        var again = points.Create(3, _slot with { Index = 2 });

        Assert.Equal(9, first.Points.Count);
        Assert.All(first.Points, point => Assert.NotEmpty(point.Indicator));
        Assert.Equal(first.Points.Select(point => (point.Handle, point.Value)), again.Points.Select(point => (point.Handle, point.Value)));
        Assert.All(again.Points, point => Assert.Empty(point.Indicator));
        Assert.Equal(first.Points.Count, first.Points.Select(point => point.Handle).Distinct().Count());
    }

    [Theory]
    [InlineData(0, "GA/ATL", "flights.long_delays", 1.0)]
    [InlineData(0, "GA/ATL", "flights.on_time_share", 0.0)]
    [InlineData(0, "AK/ANC", "flights.on_time_share", 100.0)]
    [InlineData(0, "AK/ANC", "flights.delay", -13.0)]
    [InlineData(1, "GA/ATL", "flights.on_time_share", 100.0)]
    [InlineData(1, "GA/ATL", "flights.distance", 406.0)]
    public void Create_Flight_IsMeasured(int index, string path, string indicator, double value)
    {
        var batch = new FlightPoints(FlightData.Parse(new StringReader(Csv))).Create(1, _slot with { Index = index });

        var point = Assert.Single(batch.Points, point => point.Path == path && point.Indicator == indicator);
        Assert.Equal((value, 1_000), (point.Value, point.TimeUnixMs));
    }
}
