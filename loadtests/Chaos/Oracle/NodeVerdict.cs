using System.Globalization;

namespace Monitoring.Chaos.Oracle;

/// <summary>How the nodes of the centre differ from what they must hold.</summary>
internal sealed class NodeVerdict
{
    private const int MaxExamples = 20;
    private const double RelativeSumError = 1e-9;
    private const double Hundredth = 100;

    private readonly List<string> _examples = [];

    /// <summary>Nodes that were compared.</summary>
    public long Nodes { get; private set; }

    /// <summary>Nodes of any depth of which any bucket differs in anything.</summary>
    public long Unequal { get; private set; }

    /// <summary>Acknowledged points that leaves do not hold.</summary>
    public long Lost { get; private set; }

    /// <summary>Points that leaves hold beyond those acknowledged.</summary>
    public long Doubled { get; private set; }

    /// <summary>The first differences, for a person.</summary>
    public IReadOnlyList<string> Examples => _examples;

    /// <summary>Compares a node.</summary>
    /// <param name="name">For a person.</param>
    /// <param name="isLeaf">Leaves tell lost points from doubled ones.</param>
    /// <param name="expected">What it must hold, by start.</param>
    /// <param name="found">What it holds, each start once.</param>
    public void Add(string name, bool isLeaf, IReadOnlyDictionary<long, Summary> expected, IReadOnlyCollection<FoundBucket> found)
    {
        Nodes++;
        var isEqual = true;
        var seen = 0;
        foreach (var bucket in found)
        {
            var wanted = expected.GetValueOrDefault(bucket.Start);
            seen += wanted.Count > 0 ? 1 : 0;
            if (!Equals(wanted, bucket))
            {
                isEqual = false;
                Tell($"{name} bucket {Text(bucket.Start)}: expected {wanted}, found {bucket}");
                Count(isLeaf, bucket.Count - wanted.Count);
            }
        }

        if (seen < expected.Count)
        {
            isEqual = false;
            var starts = found.Select(bucket => bucket.Start).ToHashSet();
            foreach (var (start, wanted) in expected.Where(pair => !starts.Contains(pair.Key)))
            {
                Tell($"{name} bucket {Text(start)}: expected {wanted}, found nothing");
                Count(isLeaf, -wanted.Count);
            }
        }

        Unequal += isEqual ? 0 : 1;
    }

    /// <summary>Whether a node holds what it must.</summary>
    public static bool AreEqual(IReadOnlyDictionary<long, Summary> expected, IReadOnlyCollection<FoundBucket> found) =>
        expected.Count == found.Count && found.All(bucket => Equals(expected.GetValueOrDefault(bucket.Start), bucket));

    /// <summary>Whether a value in the indicator's unit is the expected one in hundredths.</summary>
    public static bool IsSum(long hundredths, double found)
    {
        var wanted = hundredths / Hundredth;
        return Math.Abs(found - wanted) <= RelativeSumError * Math.Max(1, Math.Abs(wanted));
    }

    private static bool Equals(Summary wanted, FoundBucket found) =>
        wanted.Count == found.Count
        && IsSum(wanted.Sum, found.Sum)
        && wanted.Min / Hundredth == found.Min
        && wanted.Max / Hundredth == found.Max
        && wanted.First.Value / Hundredth == found.First
        && wanted.Last.Value / Hundredth == found.Last;

    private static string Text(long time) => DateTimeOffset.FromUnixTimeMilliseconds(time).ToString("u", CultureInfo.InvariantCulture);

    private void Count(bool isLeaf, long surplus)
    {
        if (isLeaf)
        {
            Doubled += Math.Max(0, surplus);
            Lost += Math.Max(0, -surplus);
        }
    }

    private void Tell(string example)
    {
        if (_examples.Count < MaxExamples)
        {
            _examples.Add(example);
        }
    }
}
