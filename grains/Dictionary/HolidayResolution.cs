using System.Collections.Immutable;

namespace Monitoring.Dictionary;

/// <summary>Gives calendars the holidays that they name, of the tables of the dictionary itself or of those that came with the program. Pure.</summary>
internal static class HolidayResolution
{
    /// <summary>The content with calendars that hold their holidays, and with indicators that hold those calendars.</summary>
    /// <param name="content">A dictionary, checked or not.</param>
    /// <param name="shipped">Tables that came with the program; one of the dictionary that has the same id goes before.</param>
    public static DictionaryContent Resolve(DictionaryContent content, ImmutableArray<HolidayTable> shipped)
    {
        var resolved = content.Calendars.Select(calendar => calendar with { Holidays = Find(calendar, content, shipped)?.Days ?? [] }).ToImmutableArray();
        return content with
        {
            Calendars = resolved,
            Indicators =
            [
                .. content.Indicators.Select(indicator =>
                    indicator.Calendar is { } calendar && content.Calendars.IndexOf(calendar) is >= 0 and var index
                        ? indicator with { Calendar = resolved[index] }
                        : indicator),
            ],
        };
    }

    /// <summary>Names of tables that there are not.</summary>
    public static IEnumerable<FieldMistake> UnknownTables(DictionaryContent content, ImmutableArray<HolidayTable> shipped)
    {
        for (var index = 0; index < content.Calendars.Length; index++)
        {
            var calendar = content.Calendars[index];
            if (calendar.HolidayTable.Length > 0 && Find(calendar, content, shipped) is null)
            {
                var known = content.Holidays.Concat(shipped).Select(table => table.Id).Where(id => id.Length > 0).Distinct().Order(StringComparer.Ordinal).ToList();
                yield return new FieldMistake(
                    FieldPath.Field(FieldPath.Item("calendars", index), "holidays"),
                    $"there is no table of holidays '{PatternRules.Shorten(calendar.HolidayTable)}'{NearestWord.Hint(calendar.HolidayTable, known)}; "
                    + $"there are {string.Join(", ", known)}, and more may be written in holidays");
            }
        }
    }

    private static HolidayTable? Find(CalendarDefinition calendar, DictionaryContent content, ImmutableArray<HolidayTable> shipped) =>
        content.Holidays.Concat(shipped).FirstOrDefault(table => table.Id == calendar.HolidayTable);
}
