using System.Collections.Immutable;

namespace Monitoring.Dictionary;

/// <summary>What a new dictionary may not change: the shape in which the buckets of a code are stored. Pure.</summary>
internal static class DictionaryEvolution
{
    private const string Remedy = "buckets are stored that way; give the indicator a new code instead";

    /// <summary>Everything that may not change, in the order of the content.</summary>
    /// <param name="used">Every code that was ever in force, with its shape.</param>
    /// <param name="content">The new dictionary.</param>
    /// <param name="maxUsedCodes">Most codes that may ever be used.</param>
    public static IEnumerable<FieldMistake> Check(ImmutableDictionary<string, UsedShape> used, DictionaryContent content, int maxUsedCodes)
    {
        var newCodes = 0;
        for (var index = 0; index < content.Indicators.Length; index++)
        {
            var path = FieldPath.Item("indicators", index);
            var indicator = content.Indicators[index];
            if (!used.TryGetValue(indicator.Code, out var shape))
            {
                newCodes++;
                continue;
            }

            foreach (var mistake in CheckShape(path, indicator, shape))
            {
                yield return mistake;
            }
        }

        if (used.Count + newCodes > maxUsedCodes)
        {
            yield return new FieldMistake(
                "indicators", $"{newCodes} new codes would make {used.Count + newCodes} that were ever used, at most {maxUsedCodes} are allowed");
        }
    }

    /// <summary>The codes ever used once the content is in force.</summary>
    public static ImmutableDictionary<string, UsedShape> Remember(ImmutableDictionary<string, UsedShape> used, DictionaryContent content) =>
        used.AddRange(content.Indicators
            .Where(indicator => !used.ContainsKey(indicator.Code))
            .Select(indicator => KeyValuePair.Create(indicator.Code, UsedShape.Of(indicator))));

    private static IEnumerable<FieldMistake> CheckShape(string path, IndicatorDefinition indicator, UsedShape shape)
    {
        if (!indicator.Breakdown.SequenceEqual(shape.Breakdown))
        {
            yield return new FieldMistake(
                FieldPath.Field(path, "breakdown"),
                $"the breakdown of '{indicator.Code}' is [{string.Join(", ", shape.Breakdown)}] and may not change: {Remedy}");
        }

        if (indicator.Resolution != shape.Resolution)
        {
            yield return new FieldMistake(
                FieldPath.Field(path, "resolution"),
                $"the resolution of '{indicator.Code}' is {DurationText.Format(shape.Resolution)} and may not change: {Remedy}");
        }

        var (now, field) = (UsedShape.Of(indicator), FieldPath.Field(path, indicator.Calendar is null ? "period" : "calendar"));
        if (now.Kind != shape.Kind)
        {
            yield return new FieldMistake(field, shape.Kind == PeriodKind.Day
                ? $"'{indicator.Code}' has days in {shape.TimeZone} and may not lose them: {Remedy}"
                : $"'{indicator.Code}' has no calendar and may not get one: {Remedy}");
        }
        else if (now.TimeZone != shape.TimeZone)
        {
            var zone = indicator.Calendar is null ? FieldPath.Field(field, "day") : field;
            yield return new FieldMistake(zone, $"the time zone of '{indicator.Code}' is {shape.TimeZone} and may not change: {Remedy}");
        }
        else if (now.DayStart != shape.DayStart)
        {
            yield return new FieldMistake(
                field, $"the days of '{indicator.Code}' begin at {TimeOfDayText.Format(shape.DayStart)} and may not change: {Remedy}");
        }
    }
}
