using System.Globalization;

namespace Monitoring.Dictionary;

/// <summary>Days of the year as text: <c>04-01</c>.</summary>
internal static class MonthDayText
{
    public const string Allowed = "write month and day in quotes, the day at most 28, such as \"04-01\"";

    public static string Format(int month, int day) => string.Create(CultureInfo.InvariantCulture, $"{month:00}-{day:00}");

    public static bool TryParse(string text, out (int Month, int Day) value)
    {
        value = default;
        if (text is not [_, _, '-', _, _]
            || !int.TryParse(text.AsSpan(0, 2), NumberStyles.None, CultureInfo.InvariantCulture, out var month)
            || !int.TryParse(text.AsSpan(3, 2), NumberStyles.None, CultureInfo.InvariantCulture, out var day))
        {
            return false;
        }

        value = (month, day);
        return CalendarRules.IsYearStart(month, day);
    }
}
