using System.Globalization;
using Monitoring.Chaos.Processes;

namespace Monitoring.Chaos.Reporting;

/// <summary>Memory of one process over the run.</summary>
/// <param name="Process">Its name.</param>
/// <param name="PeakMib">Largest resident set that was sampled, in MiB.</param>
/// <param name="LastMib">The last sample, in MiB.</param>
/// <param name="MibPerHour">Slope of the line that fits the samples of the second half best, in MiB an hour; null with too few.</param>
internal sealed record MemoryTrend(string Process, double PeakMib, double LastMib, double? MibPerHour);

/// <summary>Reads the resident set of every process again and again.</summary>
internal sealed class MemorySampler(Centre centre)
{
    private const double KibOfMib = 1_024;
    private const int LeastSamples = 6;
    private static readonly TimeSpan _interval = TimeSpan.FromSeconds(10);

    private readonly Dictionary<string, List<(double Hours, double Mib)>> _samples = new(StringComparer.Ordinal);

    /// <summary>Samples until it is cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            using var timer = new PeriodicTimer(_interval);
            for (var elapsed = TimeSpan.Zero; await timer.WaitForNextTickAsync(cancellationToken);)
            {
                elapsed += _interval;
                foreach (var process in centre.Processes)
                {
                    Sample(process, elapsed.TotalHours);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The run is over.
        }
    }

    /// <summary>What the samples say.</summary>
    public MemoryTrend[] Trends() =>
    [
        .. _samples.Select(pair => new MemoryTrend(
            pair.Key,
            Math.Round(pair.Value.Max(sample => sample.Mib)),
            Math.Round(pair.Value[^1].Mib),
            Slope(pair.Value[(pair.Value.Count / 2)..]))),
    ];

    private static double? Slope(List<(double Hours, double Mib)> samples)
    {
        if (samples.Count < LeastSamples)
        {
            return null;
        }

        var (hours, mib) = (samples.Average(sample => sample.Hours), samples.Average(sample => sample.Mib));
        var covariance = samples.Sum(sample => (sample.Hours - hours) * (sample.Mib - mib));
        return Math.Round(covariance / samples.Sum(sample => (sample.Hours - hours) * (sample.Hours - hours)), 1);
    }

    private void Sample(ICentreProcess process, double hours)
    {
        if (process.Id is not { } id)
        {
            return;
        }

        try
        {
            // "VmRSS:     123456 kB"
            var line = File.ReadLines(string.Create(CultureInfo.InvariantCulture, $"/proc/{id}/status"))
                .FirstOrDefault(line => line.StartsWith("VmRSS:", StringComparison.Ordinal));
            if (line is not null)
            {
                var kib = double.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
                if (!_samples.TryGetValue(process.Name, out var samples))
                {
                    _samples[process.Name] = samples = [];
                }

                samples.Add((hours, kib / KibOfMib));
            }
        }
        catch (IOException)
        {
            // It was killed just now.
        }
    }
}
