namespace Monitoring.Dictionary;

/// <summary>What makes a table of holidays valid. Pure.</summary>
internal static class HolidayRules
{
    private const int MostDays = 366;
    private static readonly DateOnly First = new(1970, 1, 1);
    private static readonly DateOnly Last = new(2999, 12, 31);

    /// <summary>Everything that is wrong except with its id.</summary>
    public static IEnumerable<FieldMistake> Check(string path, HolidayTable table, DictionaryOptions options)
    {
        var days = FieldPath.Field(path, "days");
        foreach (var mistake in TextRules.NameMistakes(FieldPath.Field(path, "name"), table.Name, options.MaxNameLength)
            .Concat(DictionaryRules.CheckCount(days, table.Days.Length, options.MaxHolidays)))
        {
            yield return mistake;
        }

        for (var index = 0; index < table.Days.Length; index++)
        {
            foreach (var mistake in Check(FieldPath.Item(days, index), table.Days[index], options))
            {
                yield return mistake;
            }
        }
    }

    private static IEnumerable<FieldMistake> Check(string path, Holiday holiday, DictionaryOptions options)
    {
        foreach (var mistake in TextRules.NameMistakes(FieldPath.Field(path, "name"), holiday.Name, options.MaxNameLength))
        {
            yield return mistake;
        }

        if (!IsAllowed(holiday.From))
        {
            yield return new FieldMistake(FieldPath.Field(path, "from"), Range);
        }
        else if (!IsAllowed(holiday.To))
        {
            yield return new FieldMistake(FieldPath.Field(path, "to"), Range);
        }
        else if (holiday.To < holiday.From)
        {
            yield return new FieldMistake(
                FieldPath.Field(path, "to"), $"{DateText.Format(holiday.To)} is before {DateText.Format(holiday.From)}; write the last day off");
        }
        else if (holiday.To.DayNumber - holiday.From.DayNumber >= MostDays)
        {
            yield return new FieldMistake(
                FieldPath.Field(path, "to"), $"is {holiday.To.DayNumber - holiday.From.DayNumber} days behind the first day off; a holiday has at most {MostDays} days");
        }

        var workdays = FieldPath.Field(path, "workdays");
        foreach (var mistake in DictionaryRules.CheckCount(workdays, holiday.Workdays.Length, MostDays))
        {
            yield return mistake;
        }

        for (var index = 0; index < holiday.Workdays.Length; index++)
        {
            if (!IsAllowed(holiday.Workdays[index]))
            {
                yield return new FieldMistake(FieldPath.Item(workdays, index), Range);
            }
            else if (holiday.Workdays[index] >= holiday.From && holiday.Workdays[index] <= holiday.To)
            {
                yield return new FieldMistake(
                    FieldPath.Item(workdays, index), $"{DateText.Format(holiday.Workdays[index])} is a day off of the same holiday; it can be one only");
            }
        }
    }

    private static string Range => $"must be {DateText.Format(First)} to {DateText.Format(Last)}";

    private static bool IsAllowed(DateOnly date) => date >= First && date <= Last;
}
