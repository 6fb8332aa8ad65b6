using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Monitoring.Gateway.Demo;

/// <summary>
/// Which flights every batch of the demo holds and when they happen. What a batch holds never changes once it may have been sent, so
/// that after a crash it is resent as it was. Pure.
/// </summary>
/// <remarks>
/// Batches are numbered on over all rounds, so a new round counts anew instead of being taken for a repetition. Minutes without a
/// departure are left out: one batch follows the other at an even pace.
/// </remarks>
internal sealed record DemoSchedule
{
    /// <summary>Longest history that is kept; a start after downtime adds a segment, and only the last ones can still be resent.</summary>
    public const int MaxSegments = 1_000;

    /// <summary>Before anything was sent.</summary>
    public static DemoSchedule Empty { get; } = new();

    /// <summary>Every batch up to this one may have been sent, 0 when none.</summary>
    [JsonPropertyName("reserved_through")]
    public long ReservedThrough { get; init; }

    /// <summary>Spans of batches, each up to the next one's first; at most <see cref="MaxSegments"/>.</summary>
    [JsonPropertyName("segments")]
    public ImmutableArray<DemoSegment> Segments { get; init; } = [];

    /// <summary>The schedule to go on with after a start: what may have been sent stays as it is, the rest begins now.</summary>
    /// <param name="acknowledged">Last batch the gateway has.</param>
    /// <param name="now">Time that the next new batch is due.</param>
    /// <param name="pace">How to go on.</param>
    public DemoSchedule Resume(long acknowledged, DateTimeOffset now, DemoPace pace)
    {
        var first = Math.Max(ReservedThrough, acknowledged) + 1;
        var last = Segments.IsEmpty ? null : Segments[^1];
        if (last is not null && last.FirstSequence <= first && last.Continues(pace) && !pace.AsFastAsPossible && last.TimeOf(first) >= now)
        {
            return this;
        }

        var index = last is not null && last.Days == pace.Days ? last.IndexOf(first) : 0;
        var interval = DemoSegment.IntervalOf(pace.Speed);
        var leftOfRound = pace.BatchesPerRound - (index % pace.BatchesPerRound);
        var segment = new DemoSegment
        {
            FirstSequence = first,
            FirstIndex = index,
            Days = pace.Days,
            Speed = pace.Speed,
            AnchorUnixMs = (pace.AsFastAsPossible ? now - (leftOfRound * interval) : now).ToUnixTimeMilliseconds(),
        };
        var kept = Segments.RemoveAll(old => old.FirstSequence >= first);
        return this with { Segments = [.. kept.TakeLast(MaxSegments - 1), segment] };
    }

    /// <summary>The schedule once every batch up to one may have been sent.</summary>
    public DemoSchedule Reserve(long through) => this with { ReservedThrough = Math.Max(ReservedThrough, through) };

    /// <summary>Where a batch stands; null for one whose segment is no longer kept.</summary>
    public DemoSlot? Find(long sequence)
    {
        for (var index = Segments.Length - 1; index >= 0; index--)
        {
            if (Segments[index].FirstSequence <= sequence)
            {
                var segment = Segments[index];
                return new DemoSlot(segment.IndexOf(sequence), segment.Days, segment.TimeOf(sequence));
            }
        }

        return null;
    }
}

/// <summary>How to replay.</summary>
/// <param name="Speed">Minutes of flights in a minute of real time.</param>
/// <param name="Days">Days of flights in a round.</param>
/// <param name="BatchesPerRound">Batches in those days.</param>
/// <param name="AsFastAsPossible">End the present round now instead of beginning the next batch now.</param>
internal readonly record struct DemoPace(double Speed, int Days, int BatchesPerRound, bool AsFastAsPossible);

/// <summary>Place of a batch.</summary>
/// <param name="Index">Number of the batch within all rounds, from 0.</param>
/// <param name="Days">Days of flights in a round.</param>
/// <param name="Time">When its flights happen.</param>
internal readonly record struct DemoSlot(long Index, int Days, DateTimeOffset Time);

/// <summary>A span of batches at one pace.</summary>
internal sealed record DemoSegment
{
    /// <summary>Sequence of its first batch.</summary>
    [JsonPropertyName("first_sequence")]
    public required long FirstSequence { get; init; }

    /// <summary>Number of its first batch within all rounds, from 0.</summary>
    [JsonPropertyName("first_index")]
    public required long FirstIndex { get; init; }

    /// <summary>Days of flights in a round.</summary>
    [JsonPropertyName("days")]
    public required int Days { get; init; }

    /// <summary>Minutes of flights in a minute of real time.</summary>
    [JsonPropertyName("speed")]
    public required double Speed { get; init; }

    /// <summary>When its first batch happens: milliseconds since 1970-01-01T00:00:00Z.</summary>
    [JsonPropertyName("anchor_unix_ms")]
    public required long AnchorUnixMs { get; init; }

    /// <summary>Real time from one batch to the next.</summary>
    public static TimeSpan IntervalOf(double speed) => TimeSpan.FromMinutes(1) / speed;

    /// <summary>True when its pace is still the wanted one.</summary>
    public bool Continues(DemoPace pace) => Speed.Equals(pace.Speed) && Days == pace.Days;

    /// <summary>Number of a batch within all rounds, from 0.</summary>
    public long IndexOf(long sequence) => FirstIndex + (sequence - FirstSequence);

    /// <summary>When a batch happens.</summary>
    public DateTimeOffset TimeOf(long sequence) =>
        DateTimeOffset.FromUnixTimeMilliseconds(AnchorUnixMs + (long)Math.Floor((sequence - FirstSequence) * IntervalOf(Speed).TotalMilliseconds));
}
