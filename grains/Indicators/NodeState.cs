using System.Collections.Immutable;
using Monitoring.Alerting;
using Monitoring.Dictionary;
using Monitoring.RawPoints;

namespace Monitoring.Indicators;

/// <summary>A node in memory: its record and the buckets its period needs.</summary>
internal sealed class NodeState
{
    private readonly BucketSeries _buckets;
    private readonly BucketSeries? _days;
    private readonly PeriodTotals? _totals;
    private readonly int _chunkPoints;
    private RawLog? _raw;
    private IndicatorDefinition? _watchedBy;
    private ImmutableArray<RuleDefinition> _watching;

    /// <summary>A node as it was stored; an image without record and buckets gives a new one.</summary>
    /// <param name="definition">What the indicator means.</param>
    /// <param name="record">What the node stored of itself.</param>
    /// <param name="image">The buckets that it needs, and the totals that its record lacks.</param>
    /// <param name="chunkPoints">Points of a raw chunk.</param>
    public NodeState(IndicatorDefinition definition, NodeRecord record, NodeImage image, int chunkPoints = 120)
    {
        (LoadedFor, Resolution) = (definition, (long)definition.Resolution.TotalMilliseconds);
        _chunkPoints = chunkPoints;
        _raw = record.Raw is { } head ? new RawLog(chunkPoints, head) : null;

        (Clock, NewestPoint, Rules, Suspects) = (record.Clock, record.NewestPoint, record.Rules, record.Suspects);

        // What a node received before raw points were kept cannot be corrected.
        RawFrom = record.RawFrom ?? (record.Clock == 0 ? 0 : record.NewestPoint + 1);
        _buckets = new BucketSeries(Resolution);
        _days = HasDays(definition) ? new BucketSeries(BucketRow.DayResolution) : null;
        _totals = PeriodTotals.Of(definition, Clock, record.Totals.AddRange(image.Totals));
        foreach (var row in image.Buckets)
        {
            (row.Resolution == Resolution ? _buckets : _days)?.Restore(row.Start, row.Aggregate);
        }
    }

    /// <summary>The definition whose periods are in memory.</summary>
    public IndicatorDefinition LoadedFor { get; }

    /// <summary>Latest journaled time the node was told, milliseconds since 1970-01-01T00:00:00Z; never goes back.</summary>
    public long Clock { get; private set; }

    /// <summary>Newest event time seen, milliseconds since 1970-01-01T00:00:00Z; 0 when none.</summary>
    public long NewestPoint { get; private set; }

    /// <summary>Rules that are not simply normal.</summary>
    public ImmutableArray<RuleState> Rules { get; set; }

    /// <summary>Buckets whose extremes wait for shares.</summary>
    public ImmutableArray<SuspectBucket> Suspects { get; set; }

    /// <summary>Raw points that are older than this are not known, event time in milliseconds since 1970-01-01T00:00:00Z.</summary>
    public long RawFrom { get; }

    /// <summary>The points that the node received itself.</summary>
    public RawLog Raw => _raw ??= new RawLog(_chunkPoints, null);

    /// <summary>What is stored beside buckets and raw chunks.</summary>
    public NodeRecord ToStored() => new()
    {
        Clock = Clock,
        NewestPoint = NewestPoint,
        Rules = Rules,
        Raw = _raw?.StoreHead(),
        RawFrom = RawFrom,
        Suspects = Suspects,
        Totals = _totals?.ToStored() ?? [],
    };

    /// <summary>Tells the node the time, and what it receives.</summary>
    public void Advance(IndicatorDefinition definition, long at, ReadOnlySpan<BucketDelta> received)
    {
        Clock = Math.Max(Clock, at);
        _totals?.Turn(definition, Clock, Days);
        foreach (ref readonly var delta in received)
        {
            NewestPoint = Math.Max(NewestPoint, delta.Added.LastTime);
        }
    }

    /// <summary>Rules of the definition that watch the node.</summary>
    public ImmutableArray<RuleDefinition> Watching(IndicatorDefinition definition, NodeKey key)
    {
        if (!ReferenceEquals(_watchedBy, definition))
        {
            _watching = [.. definition.Rules.Where(rule => PathPattern.Matches(rule.Path, key.Path))];
            _watchedBy = definition;
        }

        return _watching;
    }

    /// <summary>Raw points that fill a chunk, since the last call.</summary>
    public RawChunk[] TakeChunks() => _raw?.TakeFull() ?? [];

    /// <summary>Width of a bucket in milliseconds.</summary>
    public long Resolution { get; }

    /// <summary>Buckets that start before this need not be in memory.</summary>
    public static long KeepFrom(IndicatorDefinition definition, long now)
    {
        var (resolution, rolling) = ((long)definition.Resolution.TotalMilliseconds, (long)definition.LongestRolling.TotalMilliseconds);
        return PeriodWindow.BucketStart(now, resolution) + (rolling > 0 ? resolution - rolling : 0);
    }

    /// <summary>Days that start before this need not be in memory.</summary>
    public static long KeepDaysFrom(IndicatorDefinition definition, long now) =>
        HasDays(definition) ? PeriodWindow.DayOf(definition, now).Start : long.MaxValue;

    /// <summary>Adds points of one bucket.</summary>
    public void Add(IndicatorDefinition definition, in BucketDelta delta)
    {
        _buckets.Add(delta.Start, delta.Added, KeepFrom(definition, Clock));
        if (_days is not null)
        {
            var day = PeriodWindow.DayOf(definition, delta.Start).Start;
            _days.Add(day, delta.Added, KeepDaysFrom(definition, Clock));
        }

        _totals?.Add(delta.Start, delta.Added);
    }

    /// <summary>Brings a bucket and its day into memory with all their points, so that they can be restated.</summary>
    public void Complete(IndicatorDefinition definition, long start, NodeHistory history)
    {
        _buckets.Complete(start, Stored(history, Resolution, start));
        if (_days is not null)
        {
            var day = PeriodWindow.DayOf(definition, start).Start;
            _days.Complete(day, Stored(history, BucketRow.DayResolution, day));
        }
    }

    /// <summary>A bucket that is in memory.</summary>
    public Aggregate Find(long start) => _buckets.Find(start);

    /// <summary>Adds to a complete bucket and takes back from it; its extremes only grow.</summary>
    public void Change(IndicatorDefinition definition, in BucketDelta delta)
    {
        Change(_buckets, delta.Start, delta);
        if (_days is not null)
        {
            Change(_days, PeriodWindow.DayOf(definition, delta.Start).Start, delta);
        }

        _totals?.Change(delta);
    }

    /// <summary>Replaces a complete bucket, and the extremes of its day and of longer periods by those of all buckets and days within.</summary>
    public void Restate(IndicatorDefinition definition, long start, in Aggregate aggregate, NodeHistory history)
    {
        _buckets.Replace(start, aggregate);
        if (_days is not null)
        {
            var day = PeriodWindow.DayOf(definition, start);
            _days.Replace(day.Start, MergeWithin(_buckets, day, history).WithSumOf(_days.Find(day.Start)));
        }

        _totals?.Restate(start, window => MergeWithin(Days, window, history));
    }

    /// <summary>All points of a period of the indicator.</summary>
    public Aggregate Total(Period period, in PeriodWindow window) => period.Kind switch
    {
        PeriodKind.Rolling => _buckets.Total(window.Start, long.MaxValue),
        PeriodKind.Day => Days.Total(window.Start, window.End),
        _ => _totals is { } totals ? totals.Total(period.Kind, window, Days) : Days.Total(window.Start, window.End),
    };

    /// <summary>
    /// When the period's content changes by the passing of time alone, milliseconds since 1970-01-01T00:00:00Z;
    /// <see cref="long.MaxValue"/> when it holds nothing.
    /// </summary>
    public long NextDeparture(IndicatorDefinition definition, in PeriodWindow window)
    {
        if (definition.Period.Kind != PeriodKind.Rolling)
        {
            return Total(definition.Period, window).IsEmpty && Days.OldestFrom(window.Start) == long.MaxValue ? long.MaxValue : window.End;
        }

        var oldest = _buckets.OldestFrom(window.Start);
        return oldest == long.MaxValue ? long.MaxValue : oldest + (long)definition.Period.Length.TotalMilliseconds;
    }

    /// <summary>Buckets in memory that start within [start, end).</summary>
    public BucketRow[] BucketsWithin(long start, long end) => Within(_buckets, start, end);

    /// <summary>Calendar days in memory that start within [start, end).</summary>
    public BucketRow[] DaysWithin(long start, long end) => Within(Days, start, end);

    private static BucketRow[] Within(BucketSeries series, long start, long end)
    {
        var rows = new List<BucketRow>(series.Count);
        series.CopyTo(rows, start, end);
        return [.. rows];
    }

    /// <summary>Buckets that changed since the last call; those that are no longer needed leave memory.</summary>
    public BucketRow[] TakeChanged(IndicatorDefinition definition)
    {
        var rows = new List<BucketRow>(4);
        _buckets.TakeChanged(rows, KeepFrom(definition, Clock));
        _days?.TakeChanged(rows, KeepDaysFrom(definition, Clock));
        return [.. rows];
    }

    private static Aggregate Stored(NodeHistory history, long resolution, long start)
    {
        foreach (ref readonly var row in history.Buckets.AsSpan())
        {
            if (row.Resolution == resolution && row.Start == start)
            {
                return row.Aggregate;
            }
        }

        return default;
    }

    private static void Change(BucketSeries series, long start, in BucketDelta delta)
    {
        if (!delta.Added.IsEmpty)
        {
            series.Add(start, delta.Added, keepFrom: long.MinValue);
        }

        if (delta.Retracted is { Count: > 0 } retracted)
        {
            series.Replace(start, retracted.TakeFrom(series.Find(start)));
        }
    }

    /// <summary>All points within a span: what is stored of a series, and what is in memory of it instead or besides.</summary>
    private static Aggregate MergeWithin(BucketSeries series, PeriodWindow span, NodeHistory history)
    {
        var rows = new List<BucketRow>();
        series.CopyTo(rows, span.Start, span.End);
        var replaced = rows.Where(row => !row.IsAddition).Select(row => row.Start).ToHashSet();
        foreach (var row in history.Buckets)
        {
            if (row.Resolution == series.Resolution && span.Holds(row.Start) && !replaced.Contains(row.Start))
            {
                rows.Add(row);
            }
        }

        return rows.Aggregate(default(Aggregate), (total, row) => Aggregate.Merge(total, row.Aggregate));
    }

    /// <summary>The days, which are the buckets themselves where each is a day wide.</summary>
    private BucketSeries Days => _days ?? _buckets;

    /// <summary>True when days are kept beside the buckets; where a bucket is a day, they would be stored twice under one key.</summary>
    public static bool HasDays(IndicatorDefinition definition) =>
        definition.HasCalendar && definition.Resolution.TotalMilliseconds != BucketRow.DayResolution;
}
