namespace Monitoring.Dictionary;

/// <summary>Guesses which of the known words was meant.</summary>
internal static class NearestWord
{
    private const int MaxLength = 100;

    /// <summary>The known word that takes the fewest changed letters, or null when none is near.</summary>
    public static string? Find(string word, IEnumerable<string> known)
    {
        if (word.Length is 0 or > MaxLength)
        {
            return null;
        }

        var nearest = known
            .Select(candidate => (Word: candidate, Distance: Distance(word, candidate)))
            .OrderBy(pair => pair.Distance)
            .FirstOrDefault();
        return nearest.Word is not null && nearest.Distance <= Math.Max(1, Math.Min(word.Length, nearest.Word.Length) / 3) ? nearest.Word : null;
    }

    /// <summary>A hint to put behind a message, or nothing.</summary>
    public static string Hint(string word, IEnumerable<string> known) => Find(word, known) is { } nearest ? $"; did you mean '{nearest}'?" : string.Empty;

    /// <summary>Letters to insert, drop, replace or swap with the next; capitals count as small letters.</summary>
    private static int Distance(string from, string to)
    {
        var (before, last, row) = (new int[to.Length + 1], Enumerable.Range(0, to.Length + 1).ToArray(), new int[to.Length + 1]);
        for (var i = 1; i <= from.Length; i++)
        {
            row[0] = i;
            for (var j = 1; j <= to.Length; j++)
            {
                row[j] = Math.Min(Math.Min(row[j - 1], last[j]) + 1, last[j - 1] + (IsSame(i - 1, j - 1) ? 0 : 1));
                if (i > 1 && j > 1 && IsSame(i - 1, j - 2) && IsSame(i - 2, j - 1))
                {
                    row[j] = Math.Min(row[j], before[j - 2] + 1);
                }
            }

            (before, last, row) = (last, row, before);
        }

        return last[to.Length];

        bool IsSame(int i, int j) => char.ToLowerInvariant(from[i]) == char.ToLowerInvariant(to[j]);
    }
}
