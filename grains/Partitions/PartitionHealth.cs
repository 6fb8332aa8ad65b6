using System.Collections.Concurrent;
using System.Data.Common;
using System.Globalization;
using Microsoft.Extensions.Logging;

namespace Monitoring.Partitions;

/// <summary>What a partition may be unable to do.</summary>
internal enum PartitionDuty
{
    /// <summary>Load what is stored of it and claim it.</summary>
    Start = 0,

    /// <summary>Make durable what it is told; until it can, senders wait.</summary>
    Journal = 1,

    /// <summary>Store a checkpoint; until it can, the journal grows.</summary>
    Checkpoint = 2,

    /// <summary>Apply what it has journaled; until it can, nothing of it is calculated.</summary>
    Apply = 3,
}

/// <summary>
/// What the partitions of this silo cannot do now, for readiness, and told in the log once when it begins and once when it ends.
/// Thread-safe; bounded by the number of partitions.
/// </summary>
internal sealed partial class PartitionHealth(TimeProvider clock, ILogger<PartitionHealth> logger)
{
    private readonly ConcurrentDictionary<(int Partition, PartitionDuty Duty), Trouble> _troubles = new();

    /// <summary>A partition could not do something; it tries again.</summary>
    public void OnFailed(int partition, PartitionDuty duty, Exception exception)
    {
        var words = WordsOf(duty);
        if (_troubles.TryAdd((partition, duty), new Trouble(clock.GetUtcNow(), ReasonOf(exception))))
        {
            LogFailing(partition, words, exception.Message);
        }

        LogFailed(exception, partition, words);
    }

    /// <summary>A partition could do something, perhaps after it could not.</summary>
    public void OnWorked(int partition, PartitionDuty duty)
    {
        if (_troubles.TryRemove((partition, duty), out var trouble))
        {
            var (words, elapsed) = (WordsOf(duty), clock.GetUtcNow() - trouble.Since);
            LogWorking(partition, words, elapsed);
        }
    }

    /// <summary>A partition is no longer here; whether it can write elsewhere is told there.</summary>
    public void Forget(int partition)
    {
        _troubles.TryRemove((partition, PartitionDuty.Journal), out _);
        _troubles.TryRemove((partition, PartitionDuty.Checkpoint), out _);
    }

    /// <summary>Whether a partition can do something is no longer told here.</summary>
    public void Forget(int partition, PartitionDuty duty) => _troubles.TryRemove((partition, duty), out _);

    /// <summary>A sentence about the partitions that cannot do something; null when all can.</summary>
    public string? Describe(PartitionDuty duty)
    {
        var failing = _troubles.Where(pair => pair.Key.Duty == duty).OrderBy(pair => pair.Value.Since).ThenBy(pair => pair.Key.Partition).ToList();
        if (failing.Count == 0)
        {
            return null;
        }

        var ((partition, _), (since, reason)) = failing[0];
        var others = failing.Count == 1 ? string.Empty : string.Create(CultureInfo.InvariantCulture, $" and {failing.Count - 1} more");
        return string.Create(CultureInfo.InvariantCulture, $"Partition {partition}{others} cannot {WordsOf(duty)} since {since.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ}: {reason}");
    }

    private static string WordsOf(PartitionDuty duty) => duty switch
    {
        PartitionDuty.Start => "start",
        PartitionDuty.Journal => "write to the journal",
        PartitionDuty.Apply => "apply what it has journaled",
        _ => "store a checkpoint",
    };

    // Readiness is open to whoever asks: what a database says of itself may be told, the paths in messages of the system may not.
    private static string ReasonOf(Exception exception) =>
        exception is DbException or TryAgainException ? exception.Message : exception.GetType().Name;

    private readonly record struct Trouble(DateTimeOffset Since, string Reason);
}
