using System.Collections.Immutable;
using Monitoring.Alerting;
using Monitoring.Dictionary;
using Monitoring.Gateway.Console.Language;
using Monitoring.Indicators;

namespace Monitoring.Gateway.Console.Indicators;

/// <summary>A threshold that is drawn.</summary>
public sealed record ChartThreshold(string Level, double Value, string Label, bool IsAbove);

/// <summary>The time an alert was open; the end is null while it is.</summary>
public sealed record ChartSpan(string Level, long Start, long? End, string Label);

/// <summary>All that the chart of a node draws. Property names are read by <c>charts.js</c>.</summary>
public sealed record ChartModel
{
    /// <summary>Name of the series.</summary>
    public required string Name { get; init; }

    /// <summary>Unit of the values.</summary>
    public required string Unit { get; init; }

    /// <summary>Language tag.</summary>
    public required string Language { get; init; }

    /// <summary>Bars, else a line.</summary>
    public required bool IsBars { get; init; }

    /// <summary>The values, oldest first: [time, value or null].</summary>
    public required ImmutableArray<double?[]> Points { get; init; }

    /// <summary>Start of the time axis, milliseconds since 1970-01-01T00:00:00Z.</summary>
    public required long Start { get; init; }

    /// <summary>End of the time axis, milliseconds since 1970-01-01T00:00:00Z.</summary>
    public required long End { get; init; }

    /// <summary>Thresholds of the rules that judge the node.</summary>
    public required ImmutableArray<ChartThreshold> Thresholds { get; init; }

    /// <summary>Alerts of the node.</summary>
    public required ImmutableArray<ChartSpan> Spans { get; init; }

    /// <summary>The same in words, for who cannot see it.</summary>
    public required string Label { get; init; }

    /// <summary>True when the period's values are drawn, false for single buckets.</summary>
    public required bool IsPeriod { get; init; }

    /// <summary>Width of a bucket, in milliseconds.</summary>
    public required long ResolutionMs { get; init; }

    /// <summary>Builds the chart of a node.</summary>
    /// <param name="node">What is drawn.</param>
    /// <param name="buckets">Its buckets, oldest first, from the start of the warm-up on.</param>
    /// <param name="span">The time axis.</param>
    /// <param name="alerts">Alerts of exactly this node.</param>
    /// <param name="viewer">Who looks.</param>
    public static ChartModel Of(
        (IndicatorDefinition Definition, NodeKey Key) node,
        ImmutableArray<Bucket> buckets,
        (long Start, long End, long ResolutionMs, bool WantsPeriod) span,
        IEnumerable<Alert> alerts,
        Viewer viewer)
    {
        var (definition, key) = node;
        var isPeriod = span.WantsPeriod && PeriodSeries.CanTell(definition.Period, span.ResolutionMs);
        var points = isPeriod
            ? PeriodSeries.Of(buckets, span.ResolutionMs, definition, span.Start, span.End)
            : [.. buckets.Where(bucket => bucket.Start >= span.Start)
                .Select(bucket => new ChartPoint(bucket.Start, bucket.Aggregate.Read(definition.Statistic)))];
        var values = points.Where(point => point.Value is not null).Select(point => point.Value!.Value).ToList();
        var isAdditive = definition.Statistic is Statistic.Sum or Statistic.Count;
        return new ChartModel
        {
            Name = viewer.Indicator(definition),
            Unit = definition.Unit,
            Language = viewer.Tag,
            IsBars = !isPeriod && isAdditive,
            Points = [.. points.Select(point => new double?[] { point.Time, point.Value })],
            Start = span.Start,
            End = span.End,
            // What adds up is far smaller in one bucket than over the period: a threshold would mislead there.
            Thresholds = isPeriod || !isAdditive ? Lines(definition, key, viewer) : [],
            Spans =
            [
                .. alerts.Where(alert => alert.Last.Node.Equals(key))
                    .SelectMany(alert => SpansOf(alert, viewer))
                    .Where(drawn => drawn.End is null || drawn.End > span.Start)
                    .Select(drawn => drawn with { Start = Math.Max(drawn.Start, span.Start) }),
            ],
            Label = values.Count == 0
                ? viewer.Texts.ChartEmpty
                : Viewer.Fill(
                    viewer.Texts.ChartLabel,
                    viewer.Indicator(definition),
                    values.Count,
                    Viewer.Value(values.Min(), definition.Unit),
                    Viewer.Value(values.Max(), definition.Unit)),
            IsPeriod = isPeriod,
            ResolutionMs = span.ResolutionMs,
        };
    }

    /// <summary>Of an alert only its peak and its last step are known: after it fell, what is left of it has the lower level.</summary>
    private static IEnumerable<ChartSpan> SpansOf(Alert alert, Viewer viewer)
    {
        var last = alert.Last;
        var hasFallen = alert.IsOpen && last.Level != last.PeakLevel;
        yield return SpanOf(last.PeakLevel, last.StartedAt, alert.IsOpen && !hasFallen ? null : last.Time, viewer);
        if (hasFallen)
        {
            yield return SpanOf(last.Level, last.Time, null, viewer);
        }
    }

    private static ChartSpan SpanOf(AlertLevel level, long start, long? end, Viewer viewer) =>
        new(level.ToString().ToLowerInvariant(), start, end, viewer.LevelText(level));

    private static ImmutableArray<ChartThreshold> Lines(IndicatorDefinition definition, NodeKey key, Viewer viewer) =>
    [
        .. from rule in definition.Rules
           where PathPattern.Matches(rule.Path, key.Path)
           from level in rule.Levels
           select new ChartThreshold(
               level.Level.ToString().ToLowerInvariant(),
               level.Enter,
               $"{viewer.LevelText(level.Level)} {Viewer.Threshold(rule.Direction, level.Enter, definition.Unit)}",
               rule.Direction == RuleDirection.Above),
    ];
}
