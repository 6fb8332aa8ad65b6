using System.Globalization;
using System.IO.Compression;
using Monitoring.Gateway;
using Monitoring.Infrastructure;
using Monitoring.Protocol.V1;

namespace Monitoring.Indicators;

/// <summary>Weeks and business days of real flights, at every level, against a program in another language.</summary>
public sealed class FlightWeekTests
{
    private const int FlightsOfBatch = 2_500;

    private const string Yaml = """
        departments: [{ id: noc, name: Centre }]
        calendars:
          - { id: airline, name: Airline, time_zone: America/Chicago, day_starts: "02:30", week_starts: sunday, holidays: us }
        indicators:
          - code: flights.delay
            name: Delay
            unit: min
            statistic: average
            breakdown: [state, airport]
            resolution: 30m
            calendar: airline
            period: week
            more_periods: [day, month]
            better: lower
            lateness: 36500d
            owner: noc
          - code: flights.on_time_share
            name: On time
            unit: "%"
            statistic: average
            breakdown: [state, airport]
            resolution: 30m
            calendar: airline
            period: week
            more_periods: [day, month]
            better: higher
            lateness: 36500d
            owner: noc
        """;

    [Fact]
    public async Task History_OfAllFlights_EqualsWhatAnotherProgramComputes()
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        await using var gateway = await GatewayProcess.StartAsync(cancellationToken);
        using var clients = new GatewayClients(gateway);
        Assert.Empty((await clients.Dictionary.ApplyAsync(new ApplyDictionaryRequest { Yaml = Yaml }, cancellationToken: cancellationToken)).Mistakes);
        var (stream, _) = await PushStream.OpenAsync(clients.Ingest, "flights");
        var (flights, sequence) = (0, 0ul);
        using (stream)
        {
            foreach (var batch in Flights().Chunk(FlightsOfBatch))
            {
                await stream.SendAsync(++sequence, [.. batch.SelectMany(PointsOf)]);
                Assert.Equal(2u * (uint)batch.Length, (await stream.AcknowledgedAsync(sequence)).Accepted);
                flights += batch.Length;
            }
        }

        foreach (var code in new[] { "flights.delay", "flights.on_time_share" })
        {
            var all = new HistoryRequest { Indicator = code, StartUnixMs = 1, EndUnixMs = 4_102_444_800_000, Total = true };
            await Eventually.BecomesAsync(
                async () => (await clients.Indicators.HistoryAsync(all, cancellationToken: cancellationToken)).Buckets.FirstOrDefault()?.Aggregate.Count,
                count => count == (ulong)flights,
                TimeSpan.FromSeconds(60));
        }

        using var check = new ExternalProgram(
            "python3", Path.Combine(Repository.Root, "tests", "check-weeks"), "--url", gateway.WebAddress.ToString().TrimEnd('/'));
        var exitCode = await check.EndedAsync(TimeSpan.FromMinutes(3));
        Assert.True(exitCode == 0, $"{check.Text}{Environment.NewLine}{gateway.Output}");
        Assert.Contains(" 0 differences", check.Text, StringComparison.Ordinal);
    }

    private static IEnumerable<Point> PointsOf(string[] flight)
    {
        var delay = int.Parse(flight[4], CultureInfo.InvariantCulture);
        var time = DateTimeOffset.Parse(flight[0], CultureInfo.InvariantCulture).ToUnixTimeMilliseconds();
        foreach (var (code, value) in new[] { ("flights.delay", delay), ("flights.on_time_share", delay <= 15 ? 100 : 0) })
        {
            yield return new Point { Indicator = code, Path = $"{flight[1]}/{flight[2]}", TimeUnixMs = time, Value = value };
        }
    }

    private static IEnumerable<string[]> Flights()
    {
        using var file = File.OpenRead(Path.Combine(Repository.Root, "gateway", "Demo", "data", "flights.csv.gz"));
        using var reader = new StreamReader(new GZipStream(file, CompressionMode.Decompress));
        reader.ReadLine();
        while (reader.ReadLine() is { } line)
        {
            yield return line.Split(',');
        }
    }
}
