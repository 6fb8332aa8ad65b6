using System.Collections.Frozen;
using System.Collections.Immutable;
using Monitoring.Indicators;
using NodaTime;

namespace Monitoring.Dictionary;

/// <summary>What makes the definition of one indicator valid. Pure.</summary>
internal static class IndicatorRules
{
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);
    private static readonly FrozenSet<string> TimeZones = DateTimeZoneProviders.Tzdb.Ids.ToFrozenSet();

    // Offsets of the last century follow local sun time in places and divide by nothing; nobody is judged on those days.
    private static readonly Instant OffsetsFrom = Instant.FromUtc(2000, 1, 1, 0, 0);
    private static readonly Instant OffsetsUntil = Instant.FromUtc(2100, 1, 1, 0, 0);

    /// <summary>Everything that is wrong except with its code.</summary>
    /// <param name="path">Field path of the indicator.</param>
    /// <param name="indicator">The definition.</param>
    /// <param name="departments">Ids that an owner may name; null when they are not known.</param>
    /// <param name="options">Limits.</param>
    public static IEnumerable<FieldMistake> Check(
        string path, IndicatorDefinition indicator, HashSet<string>? departments, DictionaryOptions options)
    {
        var rules = FieldPath.Field(path, "rules");
        return TextRules.NameMistakes(FieldPath.Field(path, "name"), indicator.Name, options.MaxNameLength)
            .Concat(TextRules.Mistakes(FieldPath.Field(path, "description"), indicator.Description, options.MaxDescriptionLength, isMultiline: true))
            .Concat(CheckUnitAndStatistic(path, indicator, options))
            .Concat(CheckBreakdown(FieldPath.Field(path, "breakdown"), indicator.Breakdown, options))
            .Concat(CheckResolution(FieldPath.Field(path, "resolution"), indicator.Resolution))
            .Concat(CheckPeriod(FieldPath.Field(path, "period"), indicator, options))
            .Concat(CheckLateness(FieldPath.Field(path, "lateness"), indicator.Lateness))
            .Concat(CheckOwner(FieldPath.Field(path, "owner"), indicator.Owner, departments))
            .Concat(DictionaryRules.CheckCount(rules, indicator.Rules.Length, options.MaxRules))
            .Concat(CheckRules(rules, indicator, options));
    }

    private static IEnumerable<FieldMistake> CheckUnitAndStatistic(string path, IndicatorDefinition indicator, DictionaryOptions options)
    {
        if (TextRules.Mistake(indicator.Unit, options.MaxUnitLength) is { } mistake)
        {
            yield return new FieldMistake(FieldPath.Field(path, "unit"), mistake);
        }

        if (!Enum.IsDefined(indicator.Statistic))
        {
            yield return new FieldMistake(FieldPath.Field(path, "statistic"), "is not a statistic; write one of sum, average, count, min, max, last");
        }
    }

    private static IEnumerable<FieldMistake> CheckBreakdown(string path, ImmutableArray<string> breakdown, DictionaryOptions options)
    {
        if (breakdown.Length > NodeKey.MaxDepth)
        {
            yield return new FieldMistake(path, $"has {breakdown.Length} dimensions, at most {NodeKey.MaxDepth} are allowed");
        }

        var names = new HashSet<string>();
        for (var index = 0; index < breakdown.Length; index++)
        {
            var name = breakdown[index];
            var mistake = string.IsNullOrWhiteSpace(name) ? "is empty; give the dimension a name"
                : name.Contains('/', StringComparison.Ordinal) ? $"'{PatternRules.Shorten(name)}' has a '/', which joins dimensions; leave it out"
                : TextRules.Mistake(name, options.MaxNameLength)
                ?? (names.Add(name) ? null : $"'{name}' is a dimension already; every dimension stands once");
            if (mistake is not null)
            {
                yield return new FieldMistake(FieldPath.Item(path, index), mistake);
            }
        }
    }

    private static IEnumerable<FieldMistake> CheckResolution(string path, TimeSpan resolution)
    {
        if (!IsValidResolution(resolution))
        {
            yield return new FieldMistake(
                path, "must be 1s to 1d and divide a day evenly, for example 1s, 10s, 1m, 5m, 15m, 1h or 1d");
        }
    }

    private static IEnumerable<FieldMistake> CheckLateness(string path, TimeSpan lateness)
    {
        if (lateness < TimeSpan.FromSeconds(1) || lateness > IndicatorDefinition.LongestLateness || !IsWholeMilliseconds(lateness))
        {
            yield return new FieldMistake(
                path, $"must be 1s to {DurationText.Format(IndicatorDefinition.LongestLateness)}; write how late a point may come and still count at once");
        }
    }

    private static bool IsValidResolution(TimeSpan resolution) =>
        resolution >= TimeSpan.FromSeconds(1) && resolution <= Day && Day.Ticks % resolution.Ticks == 0 && IsWholeMilliseconds(resolution);

    private static IEnumerable<FieldMistake> CheckPeriod(string path, IndicatorDefinition indicator, DictionaryOptions options)
    {
        var (period, resolution) = (indicator.Period, indicator.Resolution);
        return period.Kind switch
        {
            PeriodKind.Rolling => CheckRolling(FieldPath.Field(path, "rolling"), period, resolution, options),
            PeriodKind.Day => CheckDay(FieldPath.Field(path, "day"), period, resolution),
            _ => [new FieldMistake(path, "is not a period; write { rolling: 1h } or { day: Europe/Berlin }")],
        };
    }

    private static IEnumerable<FieldMistake> CheckRolling(string path, Period period, TimeSpan resolution, DictionaryOptions options)
    {
        if (period.TimeZone.Length > 0)
        {
            yield return new FieldMistake(path, "a rolling period has no time zone; leave it out");
        }

        if (period.Length <= TimeSpan.Zero)
        {
            yield return new FieldMistake(path, "must be longer than zero");
        }
        else if (IsValidResolution(resolution) && period.Length.Ticks % resolution.Ticks != 0)
        {
            yield return new FieldMistake(
                path,
                $"{period.Length.TotalSeconds} s is not a multiple of the resolution, {DurationText.Format(resolution)}; "
                + "a period is made of whole buckets");
        }
        else if (IsValidResolution(resolution) && period.Length / resolution > options.MaxPeriodBuckets)
        {
            yield return new FieldMistake(
                path,
                $"{DurationText.Format(period.Length)} is {period.Length / resolution} buckets of {DurationText.Format(resolution)}, "
                + $"at most {options.MaxPeriodBuckets} are allowed; make the period shorter or the resolution coarser");
        }
    }

    private static IEnumerable<FieldMistake> CheckDay(string path, Period period, TimeSpan resolution)
    {
        if (period.Length != TimeSpan.Zero)
        {
            yield return new FieldMistake(path, "a day has no length of its own; leave it out");
        }

        if (!TimeZones.Contains(period.TimeZone))
        {
            yield return new FieldMistake(
                path,
                $"unknown time zone '{PatternRules.Shorten(period.TimeZone)}'{NearestWord.Hint(period.TimeZone, TimeZones)}; "
                + "write an IANA name such as Asia/Shanghai or UTC");
        }
        else if (IsValidResolution(resolution) && MisfitOf(period.TimeZone, resolution) is { } offset)
        {
            yield return new FieldMistake(
                path,
                $"days in {period.TimeZone} begin at {offset} from UTC, inside a bucket of {DurationText.Format(resolution)}; "
                + "make the resolution divide that offset");
        }
    }

    /// <summary>An offset of the zone by which a day begins inside a bucket, or null: buckets are aligned to UTC.</summary>
    private static Offset? MisfitOf(string timeZone, TimeSpan resolution)
    {
        foreach (var interval in DateTimeZoneProviders.Tzdb[timeZone].GetZoneIntervals(OffsetsFrom, OffsetsUntil))
        {
            if (interval.WallOffset.Ticks % resolution.Ticks != 0)
            {
                return interval.WallOffset;
            }
        }

        return null;
    }

    private static IEnumerable<FieldMistake> CheckOwner(string path, string owner, HashSet<string>? departments)
    {
        if (departments is not null && !departments.Contains(owner))
        {
            yield return new FieldMistake(
                path, $"there is no department '{PatternRules.Shorten(owner)}'{NearestWord.Hint(owner, departments)}; write the id of one in departments");
        }
        else if (owner.Length == 0)
        {
            yield return new FieldMistake(path, "is empty; write the id of a department");
        }
    }

    private static IEnumerable<FieldMistake> CheckRules(string path, IndicatorDefinition indicator, DictionaryOptions options)
    {
        var ids = new HashSet<string>();

        // Without a readable breakdown nothing can be said about the depth of a path.
        var maxDepth = indicator.Breakdown.Contains(string.Empty) ? NodeKey.MaxDepth : indicator.Breakdown.Length;
        for (var index = 0; index < indicator.Rules.Length; index++)
        {
            var item = FieldPath.Item(path, index);
            foreach (var mistake in DictionaryRules.CheckCode(FieldPath.Field(item, "id"), indicator.Rules[index].Id, ids)
                .Concat(ThresholdRules.Check(item, indicator.Rules[index], maxDepth, options)))
            {
                yield return mistake;
            }
        }
    }

    private static bool IsWholeMilliseconds(TimeSpan span) => span.Ticks % TimeSpan.TicksPerMillisecond == 0;
}
