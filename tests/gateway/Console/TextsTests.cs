using System.Reflection;
using System.Text.RegularExpressions;
using Monitoring.Gateway.Console.Language;

namespace Monitoring.Gateway.Console;

public sealed partial class TextsTests
{
    public static TheoryData<string> Names => [.. Properties.Select(property => property.Name)];

    private static IEnumerable<PropertyInfo> Properties =>
        typeof(Texts).GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(property => property.PropertyType == typeof(string));

    [Theory]
    [MemberData(nameof(Names))]
    public void Texts_ExistInBothLanguagesWithTheSamePlaces(string name)
    {
        var english = Read(ConsoleLanguage.English, name);
        var chinese = Read(ConsoleLanguage.Chinese, name);

        Assert.NotEmpty(english);
        Assert.DoesNotMatch(Han(), english);
        Assert.Matches(Han(), chinese);
        Assert.Equal(Places(english), Places(chinese));
    }

    [Theory]
    [InlineData(null, null, ConsoleLanguage.English)]
    [InlineData(null, "zh-CN,zh;q=0.9,en;q=0.8", ConsoleLanguage.Chinese)]
    [InlineData(null, "de, en;q=0.5, zh;q=0.4", ConsoleLanguage.English)]
    [InlineData(null, "fr;q=0.9, zh-TW;q=0.3", ConsoleLanguage.Chinese)]
    [InlineData(null, "zh;q=0, en", ConsoleLanguage.English)]
    [InlineData("en", "zh-CN", ConsoleLanguage.English)]
    [InlineData("zh-CN", "en", ConsoleLanguage.Chinese)]
    [InlineData("<script>", ";;;q=x,,", ConsoleLanguage.English)]
    public void Find_CookieBeforeHeaderBeforeEnglish(string? cookie, string? header, ConsoleLanguage expected) =>
        Assert.Equal(expected, LanguageChoice.Find(cookie, header));

    [Theory]
    [InlineData(null, "", "–")]
    [InlineData(0.0, "min", "0 min")]
    [InlineData(1234567.0, "", "1,234,567")]
    [InlineData(12345.67, "mi", "12,346 mi")]
    [InlineData(45.504, "%", "45.50%")]
    [InlineData(-0.1234, "", "-0.123")]
    public void Value_HasAsManyDecimalsAsAreWorthReading(double? value, string unit, string expected) =>
        Assert.Equal(expected, Viewer.Value(value, unit));

    [Fact]
    public void Span_ReadsInBothLanguages()
    {
        Assert.Equal("1 h 30 min", new Viewer(ConsoleLanguage.English).Span(TimeSpan.FromMinutes(90)));
        Assert.Equal("5 分钟", new Viewer(ConsoleLanguage.Chinese).Span(TimeSpan.FromMinutes(5)));
    }

    private static string Read(ConsoleLanguage language, string name) =>
        (string)typeof(Texts).GetProperty(name)!.GetValue(Texts.In(language))!;

    private static IEnumerable<string> Places(string text) => Place().Matches(text).Select(match => match.Value).Distinct().Order();

    [GeneratedRegex(@"\p{IsCJKUnifiedIdeographs}", RegexOptions.None, 1_000)]
    private static partial Regex Han();

    [GeneratedRegex(@"\{\d\}", RegexOptions.None, 1_000)]
    private static partial Regex Place();
}
