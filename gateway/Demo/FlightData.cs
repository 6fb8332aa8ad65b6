using System.Globalization;
using System.IO.Compression;

namespace Monitoring.Gateway.Demo;

/// <summary>One departure.</summary>
/// <param name="Minute">Minutes since the data's first midnight.</param>
/// <param name="Airport">Index of the origin in <see cref="FlightData.Airports"/>.</param>
/// <param name="DelayMinutes">Arrival delay; negative is early.</param>
/// <param name="DistanceMiles">Great-circle distance.</param>
internal readonly record struct Flight(int Minute, ushort Airport, short DelayMinutes, short DistanceMiles);

/// <summary>
/// The demo's departures in time order, cut into the same batches every time: one for each minute in which anything departs. Immutable.
/// </summary>
internal sealed class FlightData
{
    private const int MinutesPerDay = 24 * 60;
    private static readonly DateTimeOffset _firstMidnight = new(2001, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly Flight[] _flights;
    private readonly int[] _batchStarts;
    private readonly int[] _batchesThroughDay;

    private FlightData(Flight[] flights, string[] airports)
    {
        _flights = flights;
        Airports = airports;
        var starts = new List<int>();
        for (var index = 0; index < flights.Length; index++)
        {
            if (index == 0 || flights[index].Minute != flights[index - 1].Minute)
            {
                starts.Add(index);
            }
        }

        _batchStarts = [.. starts];
        _batchesThroughDay = new int[DemoOptions.DaysOfData + 1];
        for (var day = 1; day < _batchesThroughDay.Length; day++)
        {
            _batchesThroughDay[day] = starts.Count(start => flights[start].Minute < day * MinutesPerDay);
        }
    }

    /// <summary>Paths of the origins, for example <c>GA/ATL</c>.</summary>
    public IReadOnlyList<string> Airports { get; }

    /// <summary>The data that comes with the program.</summary>
    public static FlightData Load()
    {
        using var packed = typeof(FlightData).Assembly.GetManifestResourceStream("demo.flights.csv.gz")
            ?? throw new InvalidOperationException("The demo's flights are not part of this build.");
        using var reader = new StreamReader(new GZipStream(packed, CompressionMode.Decompress));
        return Parse(reader);
    }

    /// <summary>Reads lines such as <c>2001-01-01T00:01:00Z,GA,ATL,SAV,19,215</c> below a line of column names.</summary>
    public static FlightData Parse(TextReader reader)
    {
        var flights = new List<Flight>(170_000);
        var airports = new List<string>(256);
        var indexes = new Dictionary<string, ushort>(StringComparer.Ordinal);
        reader.ReadLine();
        while (reader.ReadLine() is { } line)
        {
            var columns = line.Split(',');
            var path = $"{columns[1]}/{columns[2]}";
            if (!indexes.TryGetValue(path, out var airport))
            {
                airport = (ushort)airports.Count;
                indexes.Add(path, airport);
                airports.Add(path);
            }

            var time = DateTimeOffset.Parse(columns[0], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
            flights.Add(new Flight(
                (int)(time - _firstMidnight).TotalMinutes,
                airport,
                short.Parse(columns[4], CultureInfo.InvariantCulture),
                short.Parse(columns[5], CultureInfo.InvariantCulture)));
        }

        return new FlightData([.. flights], [.. airports]);
    }

    /// <summary>Number of batches in the first days of the data.</summary>
    public int BatchCount(int days) => _batchesThroughDay[days];

    /// <summary>Departures of one batch, never empty.</summary>
    /// <param name="index">From 0 to the number of batches, exclusive.</param>
    public ReadOnlySpan<Flight> Batch(int index)
    {
        var start = _batchStarts[index];
        var end = index + 1 < _batchStarts.Length ? _batchStarts[index + 1] : _flights.Length;
        return _flights.AsSpan(start, end - start);
    }
}
