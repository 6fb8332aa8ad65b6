using System.Text.RegularExpressions;
using CsCheck;
using Monitoring.Indicators;

namespace Monitoring.Dictionary;

public sealed class PatternTests
{
    private static readonly Gen<string> GenPath = Gen.OneOf("GA", "ATL", "a b", "x:y").Array[0, 5].Select(parts => string.Join('/', parts));
    private static readonly Gen<string> GenCode = Gen.Char["ab.-"].Array[0, 10].Select(characters => new string(characters));
    private static readonly Gen<string> GenCodePattern = Gen.Char["ab.-*"].Array[0, 8].Select(characters => new string(characters));

    [Fact]
    public void Matches_AnyPath_AgreesWithNaiveMatcher() => Gen.Select(GenDictionary.Pattern(5), GenPath).Sample((pattern, path) =>
        Assert.Equal(MatchesNaively(Split(pattern), Split(path)), PathPattern.Matches(pattern, path)));

    [Fact]
    public void Matches_PathItself_AlwaysMatches() => GenPath.Sample(path => Assert.True(PathPattern.Matches(path, path)));

    [Theory]
    [InlineData("**", "", true)]
    [InlineData("**", "GA/ATL", true)]
    [InlineData("", "", true)]
    [InlineData("", "GA", false)]
    [InlineData("*", "", false)]
    [InlineData("*", "GA", true)]
    [InlineData("GA/**", "GA", true)]
    [InlineData("GA/**", "GAX", false)]
    [InlineData("*/ATL", "GA/ATL", true)]
    [InlineData("*/*", "GA", false)]
    public void Matches_Examples_Hold(string pattern, string path, bool expected) => Assert.Equal(expected, PathPattern.Matches(pattern, path));

    [Fact]
    public void MatchesCode_AnyCode_AgreesWithRegex() => Gen.Select(GenCodePattern, GenCode).Sample((pattern, code) =>
        Assert.Equal(
            Regex.IsMatch(code, $"^{Regex.Escape(pattern).Replace("\\*", ".*", StringComparison.Ordinal)}\\z", RegexOptions.None, TimeSpan.FromSeconds(10)),
            PathPattern.MatchesCode(pattern, code)));

    [Fact]
    public void MatchesCode_ManyStars_TakesNoExponentialTime() =>
        Assert.False(PathPattern.MatchesCode(string.Concat(Enumerable.Repeat("*a", 49)) + "b", new string('a', 100)));

    [Theory]
    [InlineData("", 0, null)]
    [InlineData("**", 0, null)]
    [InlineData("*/**", 1, null)]
    [InlineData("GA/ATL", 2, null)]
    [InlineData("*/*", 1, "has 2 parts, the breakdown has 1")]
    [InlineData("**/GA", 2, "last part only")]
    [InlineData("G*", 2, "stands for a whole part")]
    [InlineData("GA//ATL", 3, "empty part")]
    [InlineData("/GA", 2, "empty part")]
    [InlineData(" GA", 2, "space at its edge")]
    public void PathMistake_Pattern_SaysWhatIsWrong(string pattern, int maxDepth, string? fragment)
    {
        var mistake = PatternRules.PathMistake(pattern, maxDepth);
        if (fragment is null)
        {
            Assert.Null(mistake);
        }
        else
        {
            Assert.Contains(fragment, mistake, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void NodeKey_ToStringThenParse_GivesTheSame() => Gen.Select(GenCode, GenPath).Sample((code, path) =>
    {
        var key = new NodeKey(code, path);
        var parsed = NodeKey.Parse(key.ToString());
        Assert.Equal(key, parsed);
        Assert.Equal((key.Code, key.Path, key.Hash, key.GetHashCode()), (parsed.Code, parsed.Path, parsed.Hash, parsed.GetHashCode()));
    });

    [Fact]
    public void NodeKey_Parents_LoseOnePartEachDownToTheRoot() => Gen.Select(GenCode, GenPath).Sample((code, path) =>
    {
        var parts = Split(path);
        var key = new NodeKey(code, path);
        for (var depth = parts.Length; depth > 0; depth--)
        {
            Assert.Equal(depth, key.Depth);
            key = key.Parent()!;
            Assert.Equal(string.Join('/', parts[..(depth - 1)]), key.Path);
        }

        Assert.Equal(0, key.Depth);
        Assert.Null(key.Parent());
    });

    private static string[] Split(string path) => path.Length == 0 ? [] : path.Split('/');

    private static bool MatchesNaively(string[] pattern, string[] path) => (pattern, path) switch
    {
        (["**"], _) => true,
        ([], []) => true,
        ([], _) or (_, []) => false,
        ([var first, .. var restOfPattern], [var part, .. var restOfPath]) => (first == "*" || first == part) && MatchesNaively(restOfPattern, restOfPath),
    };
}
