using System.Collections.Immutable;
using Monitoring.Alerting;
using Monitoring.Dictionary;

namespace Monitoring.Indicators;

/// <summary>What a node stores of itself beside its buckets.</summary>
[GenerateSerializer, Immutable, Alias("monitoring.node-record.v1")]
internal sealed record NodeRecord
{
    /// <summary>Latest journaled time the node was told, milliseconds since 1970-01-01T00:00:00Z; never goes back.</summary>
    [Id(0)] public long Clock { get; init; }

    /// <summary>Newest event time seen, milliseconds since 1970-01-01T00:00:00Z; 0 when none.</summary>
    [Id(1)] public long NewestPoint { get; init; }

    /// <summary>Rules that are not simply normal; at most one for each rule of the definition.</summary>
    [Id(2)] public ImmutableArray<RuleState> Rules { get; init; } = [];
}

/// <summary>A node in memory: its record and the buckets its period needs.</summary>
internal sealed class NodeState
{
    private readonly BucketSeries _buckets;
    private readonly BucketSeries? _days;

    /// <summary>A node as it was stored; an image without record and buckets gives a new one.</summary>
    public NodeState(IndicatorDefinition definition, NodeRecord record, ReadOnlySpan<BucketRow> stored)
    {
        Resolution = (long)definition.Resolution.TotalMilliseconds;
        Record = record;
        _buckets = new BucketSeries(Resolution);
        _days = HasDays(definition) ? new BucketSeries(BucketRow.DayResolution) : null;
        foreach (var row in stored)
        {
            (row.Resolution == Resolution ? _buckets : _days)?.Restore(row.Start, row.Aggregate);
        }
    }

    /// <summary>The stored part.</summary>
    public NodeRecord Record { get; set; }

    /// <summary>Width of a bucket in milliseconds.</summary>
    public long Resolution { get; }

    /// <summary>Buckets that start before this need not be in memory.</summary>
    public static long KeepFrom(IndicatorDefinition definition, long now) => definition.Period.Kind == PeriodKind.Day
        ? PeriodWindow.BucketStart(now, (long)definition.Resolution.TotalMilliseconds)
        : PeriodWindow.At(definition, now).Start;

    /// <summary>Days that start before this need not be in memory.</summary>
    public static long KeepDaysFrom(IndicatorDefinition definition, long now) =>
        HasDays(definition) ? PeriodWindow.DayOf(now, definition.Period.TimeZone).Start : long.MaxValue;

    /// <summary>Adds points of one bucket.</summary>
    public void Add(IndicatorDefinition definition, in BucketDelta delta)
    {
        _buckets.Add(delta.Start, delta.Added, KeepFrom(definition, Record.Clock));
        if (_days is not null)
        {
            var day = PeriodWindow.DayOf(delta.Start, definition.Period.TimeZone);
            _days.Add(day.Start, delta.Added, KeepDaysFrom(definition, Record.Clock));
        }
    }

    /// <summary>All points of the period at a time.</summary>
    public Aggregate Total(IndicatorDefinition definition, in PeriodWindow window) => definition.Period.Kind == PeriodKind.Day
        ? (_days ?? _buckets).Total(window.Start, window.End)
        : _buckets.Total(window.Start, long.MaxValue);

    /// <summary>
    /// When the period's content changes by the passing of time alone, milliseconds since 1970-01-01T00:00:00Z;
    /// <see cref="long.MaxValue"/> when it holds nothing.
    /// </summary>
    public long NextDeparture(IndicatorDefinition definition, in PeriodWindow window)
    {
        if (definition.Period.Kind == PeriodKind.Day)
        {
            return (_days ?? _buckets).OldestFrom(window.Start) == long.MaxValue ? long.MaxValue : window.End;
        }

        var oldest = _buckets.OldestFrom(window.Start);
        return oldest == long.MaxValue ? long.MaxValue : oldest + (long)definition.Period.Length.TotalMilliseconds;
    }

    /// <summary>Buckets in memory that start within [start, end).</summary>
    public BucketRow[] BucketsWithin(long start, long end)
    {
        var rows = new List<BucketRow>(_buckets.Count);
        _buckets.CopyTo(rows, start, end);
        return [.. rows];
    }

    /// <summary>Buckets that changed since the last call; those that are no longer needed leave memory.</summary>
    public BucketRow[] TakeChanged(IndicatorDefinition definition)
    {
        var rows = new List<BucketRow>(4);
        _buckets.TakeChanged(rows, KeepFrom(definition, Record.Clock));
        _days?.TakeChanged(rows, KeepDaysFrom(definition, Record.Clock));
        return [.. rows];
    }

    /// <summary>True when days are kept beside the buckets; where a bucket is a day, they would be stored twice under one key.</summary>
    private static bool HasDays(IndicatorDefinition definition) =>
        definition.Period.Kind == PeriodKind.Day && definition.Resolution.TotalMilliseconds != BucketRow.DayResolution;
}
