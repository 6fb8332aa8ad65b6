using Monitoring.Chaos.Input;

namespace Monitoring.Chaos.Oracle;

/// <summary>Checks that every rule on every node stands where the node's value says, and that the logs agree.</summary>
internal sealed class FinalStates(ExpectedTree expected, ChaosDictionary dictionary)
{
    /// <summary>Rules that were on neither side for certain, so that nothing can be said about them.</summary>
    public long Undecided { get; private set; }

    /// <summary>Rules on nodes that were judged.</summary>
    public long Decided { get; private set; }

    /// <summary>Judges the rules of one node.</summary>
    /// <param name="indicator">Whose node.</param>
    /// <param name="depth">Depth of the node.</param>
    /// <param name="node">Number of the node.</param>
    /// <param name="found">The node as it is listed.</param>
    /// <param name="open">Open alerts of the log of everything, by subject: rank of the level, and the alert's id.</param>
    /// <param name="verdict">Is told what is wrong.</param>
    /// <returns>Whether the value is the expected one.</returns>
    public bool Check(
        InputIndicator indicator,
        int depth,
        int node,
        FoundNode found,
        IReadOnlyDictionary<(string, string, string), (int Level, string AlertId)> open,
        AlertVerdict verdict)
    {
        var total = expected.TotalOf(indicator, depth, node, found.Period.Start, found.Period.End);
        var value = ValueOf(indicator, total);
        foreach (var rule in dictionary.Rules)
        {
            if (rule.Indicator != indicator || !PathPatterns.Matches(rule.Path, found.Path))
            {
                continue;
            }

            var (least, most) = RuleStanding.Of(rule, value);
            var subject = (ChaosDictionary.CodeOf(indicator), found.Path, rule.Id);
            var (level, alert) = found.Firing.GetValueOrDefault(rule.Id);
            if (level < least || level > most)
            {
                verdict.Gap($"{subject} has value {value} and must stand at level {least}, it stands at {level}");
            }

            if (open.GetValueOrDefault(subject) != (level, alert))
            {
                verdict.Gap($"{subject} stands at {level} with alert '{alert}', the log at {open.GetValueOrDefault(subject)}");
            }

            Undecided += least == most ? 0 : 1;
            Decided += least == most ? 1 : 0;
        }

        return found.Count == total.Count
            && found.Value.HasValue == value.HasValue
            && (value is null || (indicator == InputIndicator.Load ? NodeVerdict.IsSum(total.Sum, found.Value!.Value) : found.Value == value));
    }

    private static double? ValueOf(InputIndicator indicator, Summary total) => indicator switch
    {
        InputIndicator.Load => total.Sum / 100.0,
        _ => total.Count == 0 ? null : total.Last.Value / 100.0,
    };
}
