using Monitoring.Chaos.Input;

namespace Monitoring.Chaos.Oracle;

/// <summary>Where a rule must stand once a value has held for long enough.</summary>
internal static class RuleStanding
{
    /// <summary>Rank of a level's word: 1 for info, 2 for warning, 3 for critical.</summary>
    public static int RankOf(string level) => level switch
    {
        "info" => 1,
        "warning" => 2,
        "critical" => 3,
        _ => throw new ArgumentOutOfRangeException(nameof(level), level, "Not a level."),
    };

    /// <summary>
    /// The lowest and the highest rank at which the rule may stand, 0 for no alert. They differ where the value lies between the
    /// thresholds of a level, so that what was before decides.
    /// </summary>
    /// <param name="rule">The rule.</param>
    /// <param name="value">The node's value; null for none.</param>
    public static (int Least, int Most) Of(InputRule rule, double? value)
    {
        var (least, most) = (0, 0);
        foreach (var level in rule.Levels)
        {
            if (value is { } present)
            {
                least = Reaches(present, level.Enter) ? Math.Max(least, RankOf(level.Level)) : least;
                most = Reaches(present, level.Exit) ? Math.Max(most, RankOf(level.Level)) : most;
            }
        }

        return (least, most);

        bool Reaches(double present, double threshold) => rule.IsAbove ? present >= threshold : present <= threshold;
    }
}
