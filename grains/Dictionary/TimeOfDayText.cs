using System.Globalization;

namespace Monitoring.Dictionary;

/// <summary>Times of day as text: <c>02:30</c>.</summary>
internal static class TimeOfDayText
{
    public const string Allowed = "write a time of day in quotes, hours and minutes, such as \"02:30\"";

    private const string Form = "hh\\:mm";

    public static string Format(TimeSpan time) => time.ToString(Form, CultureInfo.InvariantCulture);

    public static bool TryParse(string text, out TimeSpan time) => TimeSpan.TryParseExact(text, Form, CultureInfo.InvariantCulture, out time);
}
