namespace Monitoring.Chaos.Oracle;

/// <summary>Path patterns as the dictionary's documentation describes them, read plainly.</summary>
internal static class PathPatterns
{
    /// <summary>Whether a path is one of a pattern's.</summary>
    public static bool Matches(string pattern, string path)
    {
        string[] wanted = pattern.Length == 0 ? [] : pattern.Split('/');
        string[] parts = path.Length == 0 ? [] : path.Split('/');
        for (var index = 0; index < wanted.Length; index++)
        {
            if (wanted[index] == "**")
            {
                return true;
            }

            if (index >= parts.Length || (wanted[index] != "*" && wanted[index] != parts[index]))
            {
                return false;
            }
        }

        return wanted.Length == parts.Length;
    }
}
