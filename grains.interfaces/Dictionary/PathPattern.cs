namespace Monitoring.Dictionary;

/// <summary>
/// Matches paths: parts joined by '/', where <c>*</c> stands for exactly one part and <c>**</c>, as the last part only, for any
/// number of parts including none. The empty pattern matches the root alone. So <c>GA/**</c> is GA and everything below,
/// <c>*/*</c> every node two levels down, <c>**</c> everything.
/// </summary>
public static class PathPattern
{
    /// <summary>The pattern that matches every path.</summary>
    public const string Everything = "**";

    /// <summary>True when the path matches the pattern.</summary>
    public static bool Matches(ReadOnlySpan<char> pattern, ReadOnlySpan<char> path)
    {
        while (true)
        {
            if (pattern is Everything)
            {
                return true;
            }

            if (pattern.IsEmpty || path.IsEmpty)
            {
                return pattern.IsEmpty && path.IsEmpty;
            }

            var patternPart = FirstPart(pattern);
            var pathPart = FirstPart(path);
            if (patternPart is not "*" && !patternPart.SequenceEqual(pathPart))
            {
                return false;
            }

            // Behind the last part of the path only "**" or nothing may remain, so that "GA/**" also matches "GA".
            pattern = BehindPart(pattern, patternPart.Length);
            path = BehindPart(path, pathPart.Length);
        }
    }

    /// <summary>True when a code matches a pattern in which '*' stands for any run of characters.</summary>
    public static bool MatchesCode(ReadOnlySpan<char> pattern, ReadOnlySpan<char> code)
    {
        // Only the last star passed is ever widened, so many stars cost no more than pattern times code.
        var (at, read, star, starRead) = (0, 0, -1, 0);
        while (read < code.Length)
        {
            if (at < pattern.Length && pattern[at] == '*')
            {
                (star, starRead) = (at++, read);
            }
            else if (at < pattern.Length && pattern[at] == code[read])
            {
                at++;
                read++;
            }
            else if (star >= 0)
            {
                (at, read) = (star + 1, ++starRead);
            }
            else
            {
                return false;
            }
        }

        return !pattern[at..].ContainsAnyExcept('*');
    }

    private static ReadOnlySpan<char> FirstPart(ReadOnlySpan<char> path)
    {
        var cut = path.IndexOf('/');
        return cut < 0 ? path : path[..cut];
    }

    private static ReadOnlySpan<char> BehindPart(ReadOnlySpan<char> path, int partLength) =>
        partLength < path.Length ? path[(partLength + 1)..] : default;
}
