using System.Collections.Immutable;
using Monitoring.Alerting;
using Monitoring.Indicators;

namespace Monitoring.Dictionary;

/// <summary>
/// What makes a dictionary valid. Pure. Whatever depends on a field that is wrong itself is not judged, so that one mistake is
/// reported once.
/// </summary>
internal static class DictionaryRules
{
    /// <summary>Everything that is wrong, in the order of the content.</summary>
    public static IEnumerable<FieldMistake> Check(DictionaryContent content, DictionaryOptions options)
    {
        foreach (var mistake in CheckCount("departments", content.Departments.Length, options.MaxDepartments)
            .Concat(CheckCount("indicators", content.Indicators.Length, options.MaxIndicators))
            .Concat(CheckDepartments(content, options))
            .Concat(CheckCalendars(content.Calendars, options))
            .Concat(CheckHolidays(content.Holidays, options)))
        {
            yield return mistake;
        }

        var codes = new HashSet<string>();
        var departments = DepartmentIds(content);
        for (var index = 0; index < content.Indicators.Length; index++)
        {
            var path = FieldPath.Item("indicators", index);
            var indicator = content.Indicators[index];
            foreach (var mistake in CheckCode(FieldPath.Field(path, "code"), indicator.Code, codes)
                .Concat(IndicatorRules.Check(path, indicator, departments, content.Calendars, options)))
            {
                yield return mistake;
            }
        }
    }

    /// <summary>What is wrong with a list that is too long.</summary>
    public static IEnumerable<FieldMistake> CheckCount(string path, int count, int most)
    {
        if (count > most)
        {
            yield return new FieldMistake(path, $"has {count} items, at most {most} are allowed");
        }
    }

    /// <summary>What is wrong with a code or an id that must be the only one of its kind.</summary>
    /// <param name="path">Its field.</param>
    /// <param name="code">The code or id.</param>
    /// <param name="known">Those before it; takes this one too.</param>
    public static IEnumerable<FieldMistake> CheckCode(string path, string code, HashSet<string> known)
    {
        if (NodeKey.CodeMistake(code) is { } mistake)
        {
            yield return new FieldMistake(path, mistake);
        }
        else if (!known.Add(code))
        {
            yield return new FieldMistake(path, $"'{code}' is taken already; it must be unique");
        }
    }

    /// <summary>Ids that an owner may name; null when some could not be read, so that nothing can be said about owners.</summary>
    private static HashSet<string>? DepartmentIds(DictionaryContent content) =>
        content.Departments.Any(department => department.Id.Length == 0)
            ? null
            : content.Departments.Select(department => department.Id).ToHashSet();

    private static IEnumerable<FieldMistake> CheckDepartments(DictionaryContent content, DictionaryOptions options)
    {
        var ids = new HashSet<string>();
        var codes = content.Indicators.Select(indicator => indicator.Code).ToArray();
        for (var index = 0; index < content.Departments.Length; index++)
        {
            var path = FieldPath.Item("departments", index);
            var department = content.Departments[index];
            var subscriptions = FieldPath.Field(path, "subscriptions");
            foreach (var mistake in CheckCode(FieldPath.Field(path, "id"), department.Id, ids)
                .Concat(TextRules.NameMistakes(FieldPath.Field(path, "name"), department.Name, options.MaxNameLength))
                .Concat(CheckCount(subscriptions, department.Subscriptions.Length, options.MaxSubscriptions)))
            {
                yield return mistake;
            }

            for (var item = 0; item < department.Subscriptions.Length; item++)
            {
                foreach (var mistake in CheckSubscription(FieldPath.Item(subscriptions, item), department.Subscriptions[item], codes))
                {
                    yield return mistake;
                }
            }
        }
    }

    private static IEnumerable<FieldMistake> CheckCalendars(ImmutableArray<CalendarDefinition> calendars, DictionaryOptions options)
    {
        foreach (var mistake in CheckCount("calendars", calendars.Length, options.MaxCalendars))
        {
            yield return mistake;
        }

        var ids = new HashSet<string>();
        for (var index = 0; index < calendars.Length; index++)
        {
            var path = FieldPath.Item("calendars", index);
            foreach (var mistake in CheckCode(FieldPath.Field(path, "id"), calendars[index].Id, ids)
                .Concat(CalendarRules.Check(path, calendars[index], options)))
            {
                yield return mistake;
            }
        }
    }

    private static IEnumerable<FieldMistake> CheckHolidays(ImmutableArray<HolidayTable> tables, DictionaryOptions options)
    {
        foreach (var mistake in CheckCount("holidays", tables.Length, options.MaxCalendars))
        {
            yield return mistake;
        }

        var ids = new HashSet<string>();
        for (var index = 0; index < tables.Length; index++)
        {
            var path = FieldPath.Item("holidays", index);
            foreach (var mistake in CheckCode(FieldPath.Field(path, "id"), tables[index].Id, ids)
                .Concat(HolidayRules.Check(path, tables[index], options)))
            {
                yield return mistake;
            }
        }
    }

    private static IEnumerable<FieldMistake> CheckSubscription(string path, Subscription subscription, string[] codes)
    {
        if (PatternRules.CodePatternMistake(subscription.Indicator) is { } patternMistake)
        {
            yield return new FieldMistake(FieldPath.Field(path, "indicator"), patternMistake);
        }
        else if (!codes.Any(code => code.Length == 0 || PathPattern.MatchesCode(subscription.Indicator, code)))
        {
            yield return new FieldMistake(
                FieldPath.Field(path, "indicator"),
                $"'{subscription.Indicator}' matches no indicator{NearestWord.Hint(subscription.Indicator, codes)}; "
                + "write the code of one, '*' for any run of characters");
        }

        if (PatternRules.PathMistake(subscription.Path, NodeKey.MaxDepth) is { } pathMistake)
        {
            yield return new FieldMistake(FieldPath.Field(path, "path"), pathMistake);
        }

        if (subscription.Level is < AlertLevel.Info or > AlertLevel.Critical)
        {
            yield return new FieldMistake(FieldPath.Field(path, "level"), "is not a level; write one of info, warning, critical");
        }
    }
}
