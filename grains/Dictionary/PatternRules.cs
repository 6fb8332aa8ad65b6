using System.Buffers;
using Monitoring.Indicators;

namespace Monitoring.Dictionary;

/// <summary>What is allowed as a path pattern and as a pattern of codes.</summary>
internal static class PatternRules
{
    /// <summary>Longest pattern, in characters: the longest path.</summary>
    public const int MaxPathPatternLength = (NodeKey.MaxPathPartLength + 1) * NodeKey.MaxDepth;

    private static readonly SearchValues<char> CodePatternCharacters = SearchValues.Create(NodeKey.CodeCharacters + "*");

    /// <summary>What is wrong with a pattern of codes, or null.</summary>
    public static string? CodePatternMistake(string pattern) =>
        pattern.Length is 0 or > NodeKey.MaxCodeLength || pattern.AsSpan().ContainsAnyExcept(CodePatternCharacters)
            ? $"'{Shorten(pattern)}' is not allowed; write 1 to {NodeKey.MaxCodeLength} characters of a-z, 0-9, '.', '_' and '-', and '*' for any run of them"
            : null;

    /// <summary>What is wrong with a path pattern, or null.</summary>
    /// <param name="pattern">See <see cref="PathPattern"/>.</param>
    /// <param name="maxDepth">Number of dimensions of the breakdown.</param>
    public static string? PathMistake(string pattern, int maxDepth)
    {
        if (pattern.Length > MaxPathPatternLength)
        {
            return $"the path pattern has {pattern.Length} characters, at most {MaxPathPatternLength} are allowed";
        }

        var parts = pattern.Length == 0 ? [] : pattern.Split('/');
        for (var index = 0; index < parts.Length; index++)
        {
            if (PartMistake(parts[index], isLast: index == parts.Length - 1) is { } mistake)
            {
                return mistake;
            }
        }

        var depth = parts.Length - (parts is [.., PathPattern.Everything] ? 1 : 0);
        return depth > maxDepth ? $"'{Shorten(pattern)}' has {depth} parts, the breakdown has {maxDepth} dimensions" : null;
    }

    private static string? PartMistake(string part, bool isLast)
    {
        if (part == "*" || (part == PathPattern.Everything && isLast))
        {
            return null;
        }

        if (part == PathPattern.Everything)
        {
            return "'**' is allowed as the last part only; '*' stands for one part";
        }

        if (part.Contains('*', StringComparison.Ordinal))
        {
            return $"'{Shorten(part)}' is not allowed; '*' stands for a whole part, not for a piece of one";
        }

        return part.Length == 0
            ? "the path pattern has an empty part; join non-empty parts by a single '/'"
            : NodeKey.PathMistake(part, maxDepth: 1);
    }

    /// <summary>The text, or its beginning when it is long.</summary>
    public static string Shorten(string text) => text.Length <= 80 ? text : string.Concat(text.AsSpan(0, 77), "...");
}
