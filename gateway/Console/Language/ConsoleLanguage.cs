using System.Net.Http.Headers;

namespace Monitoring.Gateway.Console.Language;

/// <summary>A language of the console.</summary>
public enum ConsoleLanguage
{
    /// <summary>English, also for whoever wants neither.</summary>
    English = 0,

    /// <summary>Simplified Chinese.</summary>
    Chinese = 1,
}

/// <summary>Finds the language of a visitor: what they chose, else what their browser asks for first.</summary>
internal static class LanguageChoice
{
    /// <summary>Name of the cookie that remembers a choice; its value is a language tag.</summary>
    public const string CookieName = "console-language";

    /// <summary>Longest header that is read, in characters.</summary>
    private const int MaxHeaderLength = 1_000;

    /// <summary>The language for a cookie and an Accept-Language header, both of which may be missing or nonsense.</summary>
    public static ConsoleLanguage Find(string? cookie, string? acceptLanguage)
    {
        if (FromTag(cookie) is { } chosen)
        {
            return chosen;
        }

        if (acceptLanguage is null || acceptLanguage.Length > MaxHeaderLength)
        {
            return ConsoleLanguage.English;
        }

        return acceptLanguage.Split(',')
            .Select(part => StringWithQualityHeaderValue.TryParse(part, out var value) ? value : null)
            .OfType<StringWithQualityHeaderValue>()
            .Where(value => value.Quality is null or > 0)
            .OrderByDescending(value => value.Quality ?? 1)
            .Select(value => FromTag(value.Value))
            .FirstOrDefault(language => language is not null) ?? ConsoleLanguage.English;
    }

    /// <summary>The tag of a language for <c>lang</c> attributes and the cookie.</summary>
    public static string Tag(ConsoleLanguage language) => language == ConsoleLanguage.Chinese ? "zh-CN" : "en";

    private static ConsoleLanguage? FromTag(string? tag) => tag switch
    {
        null => null,
        _ when tag.StartsWith("zh", StringComparison.OrdinalIgnoreCase) => ConsoleLanguage.Chinese,
        _ when tag.StartsWith("en", StringComparison.OrdinalIgnoreCase) => ConsoleLanguage.English,
        _ => null,
    };
}
