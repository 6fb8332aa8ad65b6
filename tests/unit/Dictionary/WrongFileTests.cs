using System.Globalization;
using CsCheck;

namespace Monitoring.Dictionary;

public sealed class WrongFileTests
{
    [Theory]
    [InlineData("", 1, "the file is empty")]
    [InlineData("\n\n# nothing\n", 1, "the file is empty")]
    [InlineData("---\n", 2, "the file is empty")]
    [InlineData("null", 1, "the file is empty")]
    [InlineData("just a text", 1, "must have fields (departments, holidays, calendars, indicators), but is the single value 'just a text'")]
    [InlineData("- a\n- b", 1, "must have fields (departments, holidays, calendars, indicators), but is a list")]
    [InlineData("departments: []\nindicators: []\n---\ndepartments: []\n", 3, "a second document begins here")]
    [InlineData("departments: [\nindicators: []\n", 2, "this is not valid YAML")]
    [InlineData("departments:\n  - id: a\n   name: b\n", 3, "this is not valid YAML")]
    [InlineData("departments: \"abc\n", 1, "this is not valid YAML")]
    [InlineData("a: [1,\nb: }", 2, "the '[' in line 1, column 4 is not closed by a ']'")]
    [InlineData("departments: []\n\tindicators: []\n", 1, "; noticed in line 2")]
    [InlineData("*a", 1, "the alias *a is not allowed")]
    public void Read_WholeFileIsWrong_SaysSo(string yaml, int line, string fragment)
    {
        var (content, mistakes) = DictionaryFile.Read(yaml);

        Assert.Null(content);
        var mistake = Assert.Single(mistakes);
        Assert.Equal(("(file)", line), (mistake.Field, mistake.Line));
        Assert.Contains(fragment, mistake.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_AnyBrokenText_GivesMistakesAndNeverThrows() =>
        Gen.Select(Gen.Int[0, DictionaryFile.Valid.Length], Gen.Int[0, 20], Gen.Char["\n\t :-[]{},&*!|>'\"%@#?ab0\\"].Array[0, 6])
            .Array[1, 4]
            .Sample(edits =>
            {
                var yaml = DictionaryFile.Valid;
                foreach (var (at, length, insert) in edits)
                {
                    var from = Math.Min(at, yaml.Length);
                    yaml = yaml.Remove(from, Math.Min(length, yaml.Length - from)).Insert(from, new string(insert));
                }

                var (content, mistakes) = DictionaryFile.Read(yaml);

                Assert.True(content is not null || mistakes.Length > 0);
                Assert.All(mistakes, mistake => Assert.True(mistake is { Line: > 0, Column: > 0 }, mistake.ToString()));
            });

    [Fact]
    public void Read_EmptyMapping_MissesBothLists()
    {
        var (_, mistakes) = DictionaryFile.Read("{}");

        Assert.Equal(["departments", "indicators"], mistakes.Select(mistake => mistake.Field));
        Assert.All(mistakes, mistake => Assert.Equal("is missing; write a list, [] for none", mistake.Message));
    }

    [Fact]
    public void Read_BothListsEmpty_IsValid() => Assert.Equal(
        DictionaryFile.Fingerprint(new DictionaryContent()), DictionaryFile.Fingerprint(DictionaryFile.ReadValid("\ufeffdepartments: []\nindicators: []\n")));

    [Fact]
    public void Read_FileIsTooLong_IsRefusedUnread()
    {
        var (content, mistakes) = DictionaryFile.Read(new string('[', 1_001), new DictionaryOptions { MaxFileCharacters = 1_000 });

        Assert.Null(content);
        Assert.Equal("the file has 1001 characters, at most 1000 are allowed", Assert.Single(mistakes).Message);
    }

    [Fact]
    public void Read_NestedVeryDeeply_IsRefused()
    {
        var deep = new string('[', 450_000) + new string(']', 450_000);

        foreach (var yaml in new[] { $"indicators: {deep}\n", $"a: 1\na: {deep}\n", $"? {deep}\n: x\n" })
        {
            var (_, mistakes) = DictionaryFile.Read(yaml);

            Assert.Contains(mistakes, mistake => mistake.Message.Contains("nested too deeply, at most 16", StringComparison.Ordinal));
        }
    }

    [Fact]
    public void Read_AliasesOfAliases_AreNotExpanded()
    {
        var (_, mistakes) = DictionaryFile.Read("""
            departments: &a [x, x, x, x, x, x, x, x, x]
            indicators: [*a, *a, *a, *a, *a, *a, *a, *a, *a]
            """);

        Assert.Equal(9, mistakes.Count(mistake => mistake.Message.StartsWith("the alias *a", StringComparison.Ordinal)));
    }

    [Fact]
    public void Read_SeveralMistakes_AreAllFoundInTheOrderOfTheFile()
    {
        var (_, mistakes) = DictionaryFile.Read("""
            departments:
              - { id: a, name: A }
              - { id: a, name: A }
              - just a text
            indicators:
              - { code: x, name: X, statistic: sum, resolution: 7s, period: { rolling: 1h }, owner: b }
              - { code: x, name: X, statistic: total, resolution: 1m, period: { rolling: 1h }, owner: a, colour: red }
            """);

        Assert.Equal(
            [
                "3:11 departments[1].id", "4:5 departments[2]",
                "6:53 indicators[0].resolution", "7:13 indicators[1].code", "7:36 indicators[1].statistic", "7:94 indicators[1].colour",
            ],
            mistakes.Select(mistake => string.Create(CultureInfo.InvariantCulture, $"{mistake.Line}:{mistake.Column} {mistake.Field}")));
    }

    [Fact]
    public void Read_MoreMistakesThanAllowed_SaysThatSomeAreLeftOut()
    {
        var yaml = "departments: []\nindicators:\n" + string.Concat(Enumerable.Repeat("  - {}\n", 50));

        var (_, mistakes) = DictionaryFile.Read(yaml, new DictionaryOptions { MaxMistakes = 10 });

        Assert.Equal(11, mistakes.Length);
        Assert.Equal("there are more mistakes; only the first 10 found are shown", mistakes[^1].Message);
    }

    [Fact]
    public void Read_MoreThanAllowed_NamesTheList()
    {
        var options = new DictionaryOptions { MaxDepartments = 1, MaxIndicators = 1, MaxSubscriptions = 1, MaxRules = 1 };
        const string rule = "name: R, when: above, levels: { info: { enter: 1 } }";
        const string indicator =
            $"name: X, statistic: sum, resolution: 1m, period: {{ rolling: 1h }}, owner: a, rules: [{{ id: r, {rule} }}, {{ id: s, {rule} }}]";
        var yaml = $$"""
            departments: [{ id: a, name: A, subscriptions: [{ indicator: x }, { indicator: y }] }, { id: b, name: B }]
            indicators: [{ code: x, {{indicator}} }, { code: y, {{indicator}} }]
            """;

        var (_, mistakes) = DictionaryFile.Read(yaml, options);

        Assert.Equal(
            ["departments", "departments[0].subscriptions", "indicators", "indicators[0].rules", "indicators[1].rules"],
            mistakes.Select(mistake => mistake.Field));
        Assert.All(mistakes, mistake => Assert.Equal("has 2 items, at most 1 are allowed", mistake.Message));
    }
}
