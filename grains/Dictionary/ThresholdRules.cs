namespace Monitoring.Dictionary;

/// <summary>What makes one rule of an indicator valid. Pure.</summary>
internal static class ThresholdRules
{
    private static readonly TimeSpan LongestFor = TimeSpan.FromDays(7);

    /// <summary>Everything that is wrong except with its id.</summary>
    /// <param name="path">Field path of the rule.</param>
    /// <param name="rule">The rule.</param>
    /// <param name="maxDepth">Number of dimensions of the indicator.</param>
    /// <param name="options">Limits.</param>
    public static IEnumerable<FieldMistake> Check(string path, RuleDefinition rule, int maxDepth, DictionaryOptions options)
    {
        return TextRules.NameMistakes(FieldPath.Field(path, "name"), rule.Name, options.MaxNameLength)
            .Concat(CheckFields(path, rule, maxDepth))
            .Concat(CheckLevels(FieldPath.Field(path, "levels"), rule));
    }

    private static IEnumerable<FieldMistake> CheckFields(string path, RuleDefinition rule, int maxDepth)
    {
        if (PatternRules.PathMistake(rule.Path, maxDepth) is { } mistake)
        {
            yield return new FieldMistake(FieldPath.Field(path, "path"), mistake);
        }

        if (!Enum.IsDefined(rule.Direction))
        {
            yield return new FieldMistake(FieldPath.Field(path, "when"), "is not a direction; write above or below");
        }

        if (rule.MinPoints < 0)
        {
            yield return new FieldMistake(FieldPath.Field(path, "min_points"), $"{rule.MinPoints} is not allowed; write 0 or more");
        }
    }

    private static IEnumerable<FieldMistake> CheckLevels(string path, RuleDefinition rule)
    {
        if (rule.Levels.IsDefaultOrEmpty)
        {
            yield return new FieldMistake(path, "is empty; give at least one of info, warning and critical");
            yield break;
        }

        LevelDefinition? lower = null;
        for (var index = 0; index < rule.Levels.Length; index++)
        {
            var level = rule.Levels[index];
            if (DictionaryWords.Of(DictionaryWords.Levels, level.Level) is not { } word)
            {
                yield return new FieldMistake(FieldPath.Item(path, index), "is not a level; write one of info, warning, critical");
                continue;
            }

            var field = FieldPath.Field(path, word);
            if (lower is not null && level.Level <= lower.Level)
            {
                yield return new FieldMistake(field, "levels must stand in the order info, warning, critical, each at most once");
            }

            foreach (var mistake in CheckLevel(field, level, rule.Direction).Concat(CheckStricter(field, level, lower, rule.Direction)))
            {
                yield return mistake;
            }

            lower = level;
        }
    }

    private static IEnumerable<FieldMistake> CheckLevel(string path, LevelDefinition level, RuleDirection direction)
    {
        var exit = FieldPath.Field(path, "exit");
        if (!double.IsFinite(level.Enter))
        {
            yield return new FieldMistake(FieldPath.Field(path, "enter"), "must be a finite number");
        }

        // Where exit is left out it is the same as enter, and so is what is wrong with it.
        if (!double.IsFinite(level.Exit) && !level.Exit.Equals(level.Enter))
        {
            yield return new FieldMistake(exit, "must be a finite number");
        }
        else if (direction == RuleDirection.Above && level.Exit > level.Enter)
        {
            yield return new FieldMistake(exit, $"{level.Exit} is above enter, {level.Enter}; a rule that fires above its threshold must end at or below it");
        }
        else if (direction == RuleDirection.Below && level.Exit < level.Enter)
        {
            yield return new FieldMistake(exit, $"{level.Exit} is below enter, {level.Enter}; a rule that fires below its threshold must end at or above it");
        }

        if (level.For < TimeSpan.Zero || level.For > LongestFor || level.For.Ticks % TimeSpan.TicksPerMillisecond != 0)
        {
            yield return new FieldMistake(FieldPath.Field(path, "for"), "must be 0s to 7d, in whole milliseconds");
        }
    }

    private static IEnumerable<FieldMistake> CheckStricter(string path, LevelDefinition level, LevelDefinition? lower, RuleDirection direction)
    {
        if (lower is null || level.Level == lower.Level)
        {
            yield break;
        }

        var lowerWord = DictionaryWords.Of(DictionaryWords.Levels, lower.Level);
        if (direction == RuleDirection.Above && level.Enter <= lower.Enter)
        {
            yield return new FieldMistake(FieldPath.Field(path, "enter"), $"{level.Enter} must be greater than that of {lowerWord}, {lower.Enter}: a higher level is stricter");
        }
        else if (direction == RuleDirection.Below && level.Enter >= lower.Enter)
        {
            yield return new FieldMistake(FieldPath.Field(path, "enter"), $"{level.Enter} must be less than that of {lowerWord}, {lower.Enter}: a higher level is stricter");
        }
    }
}
