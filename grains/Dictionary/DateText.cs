using System.Globalization;

namespace Monitoring.Dictionary;

/// <summary>Dates as text: <c>2026-02-17</c>.</summary>
internal static class DateText
{
    public const string Allowed = "write a date such as 2026-02-17";

    private const string Form = "yyyy-MM-dd";

    public static string Format(DateOnly date) => date.ToString(Form, CultureInfo.InvariantCulture);

    public static bool TryParse(string text, out DateOnly date) =>
        DateOnly.TryParseExact(text, Form, CultureInfo.InvariantCulture, DateTimeStyles.None, out date);
}
