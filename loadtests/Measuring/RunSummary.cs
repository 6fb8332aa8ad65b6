using System.Text.Json;
using System.Text.Json.Nodes;

namespace Monitoring.Measuring;

/// <summary>
/// Reports of several runs of one scenario in one: each figure is the median of those that were measured, beside it stand the least and
/// the greatest in <c>min</c> and <c>max</c>, and what is judged holds if it held in every run. Texts are those of the first run.
/// </summary>
internal static class RunSummary
{
    public const string Least = "min";
    public const string Greatest = "max";
    public const string Runs = "runs";

    private const int Decimals = 3;

    /// <summary>Summarises reports that have the same fields.</summary>
    /// <param name="reports">At least one.</param>
    public static JsonObject Of(IReadOnlyList<JsonObject> reports)
    {
        var summary = Merge(reports);
        summary[Runs] = reports.Count;
        return summary;
    }

    /// <summary>Whether a report says that all totals were as expected.</summary>
    public static bool IsCorrect(JsonObject report) => report["correct"]?.GetValue<bool>() ?? false;

    /// <summary>The middle one of an odd number of figures, the mean of the middle two of an even number; null of none.</summary>
    public static double? Median(IEnumerable<double> figures)
    {
        double[] sorted = [.. figures.Order()];
        return sorted.Length switch
        {
            0 => null,
            _ when sorted.Length % 2 == 1 => sorted[sorted.Length / 2],
            _ => (sorted[(sorted.Length / 2) - 1] + sorted[sorted.Length / 2]) / 2,
        };
    }

    private static JsonObject Merge(IReadOnlyList<JsonObject> reports)
    {
        var (summary, least, greatest) = (new JsonObject(), new JsonObject(), new JsonObject());
        foreach (var (name, first) in reports[0])
        {
            JsonNode?[] nodes = [.. reports.Select(report => report[name])];
            double[] figures = [.. nodes.OfType<JsonValue>().Where(IsFigure).Select(value => value.GetValue<double>())];
            if (figures.Length == 0)
            {
                summary[name] = MergeOther(nodes, first);
                continue;
            }

            summary[name] = Math.Round(Median(figures)!.Value, Decimals);
            if (figures.Min() < figures.Max())
            {
                least[name] = figures.Min();
                greatest[name] = figures.Max();
            }
        }

        if (least.Count > 0)
        {
            (summary[Least], summary[Greatest]) = (least, greatest);
        }

        return summary;
    }

    private static JsonNode? MergeOther(JsonNode?[] nodes, JsonNode? first) => first switch
    {
        JsonObject => Merge([.. nodes.OfType<JsonObject>()]),
        JsonArray array => new JsonArray(
            [.. array.Select((element, index) => MergeOther([.. nodes.OfType<JsonArray>().Select(other => other[index])], element))]),
        JsonValue value when value.GetValueKind() is JsonValueKind.True or JsonValueKind.False =>
            nodes.OfType<JsonValue>().All(node => node.GetValue<bool>()),
        _ => first?.DeepClone(),
    };

    private static bool IsFigure(JsonValue value) => value.GetValueKind() == JsonValueKind.Number;
}
