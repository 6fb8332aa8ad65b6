using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Monitoring.Alerting;
using Monitoring.Dictionary;
using Monitoring.Indicators;
using Monitoring.Partitions;
using Orleans.Serialization;

namespace Monitoring.Micro;

/// <summary>What the benchmarks have in common: an indicator with leaves and parents of a hundred leaves, and points of theirs.</summary>
internal static class MicroTree
{
    /// <summary>Points of a batch, a delivery and a journal entry.</summary>
    public const int BatchPoints = 1_000;

    /// <summary>Leaves that points are of.</summary>
    public const int Leaves = 10_000;

    /// <summary>A parent's alert begins and ends here; points stay far below.</summary>
    public const double Threshold = 1e12;

    /// <summary>Start of the newest bucket, milliseconds since 1970-01-01T00:00:00Z.</summary>
    public const long Start = 1_767_225_600_000;

    /// <summary>Width of a bucket in milliseconds.</summary>
    public const long Resolution = 60_000;

    /// <summary>Buckets of a period.</summary>
    public const int PeriodBuckets = 60;

    /// <summary>Sum over the last hour by the minute; a rule watches the parents.</summary>
    public static IndicatorDefinition Definition { get; } = new()
    {
        Code = "load.value",
        Name = new LocalizedText { En = "Load" },
        Statistic = Statistic.Sum,
        Breakdown = ["parent", "leaf"],
        Resolution = TimeSpan.FromMilliseconds(Resolution),
        Period = new Period { Kind = PeriodKind.Rolling, Length = TimeSpan.FromMilliseconds(Resolution * PeriodBuckets) },
        Owner = "load",
        // Points have a fixed time, so that every run is the same; they are not to become late with the years.
        Lateness = IndicatorDefinition.LongestLateness,
        Rules =
        [
            new RuleDefinition
            {
                Id = "high",
                Name = new LocalizedText { En = "High" },
                Path = "*",
                Direction = RuleDirection.Above,
                Levels = [new LevelDefinition { Level = AlertLevel.Warning, Enter = Threshold, Exit = Threshold }],
            },
        ],
    };

    /// <summary>The one indicator.</summary>
    public static DictionarySnapshot Dictionary { get; } = new() { Version = 1, Indicators = [Definition] };

    /// <summary>A leaf.</summary>
    public static NodeKey Leaf(int number) => new(Definition.Code, string.Create(CultureInfo.InvariantCulture, $"p{number / 100}/l{number}"));

    /// <summary>The parent of a hundred leaves.</summary>
    public static NodeKey Parent(int number) => new(Definition.Code, string.Create(CultureInfo.InvariantCulture, $"p{number}"));

    /// <summary>Points of random ones of the first leaves, in columns.</summary>
    /// <param name="seed">The same gives the same points.</param>
    /// <param name="leaves">Of how many leaves.</param>
    public static (int[] Leaves, long[] Times, double[] Values) Points(int seed, int leaves)
    {
        var random = new Random(seed);
        var (picks, times, values) = (new int[BatchPoints], new long[BatchPoints], new double[BatchPoints]);
        for (var index = 0; index < BatchPoints; index++)
        {
            (picks[index], times[index], values[index]) = (random.Next(leaves), Start + index, random.Next(1_000) / 10.0);
        }

        return (picks, times, values);
    }

    /// <summary>As many contributions of one point each, all in the newest bucket.</summary>
    public static BucketDelta[] Contributions()
    {
        var (_, times, values) = Points(seed: 1, leaves: 1);
        return [.. times.Zip(values, (time, value) => new BucketDelta { Start = Start, Added = new Aggregate(time, value) })];
    }

    /// <summary>A table with leaves from 0 on.</summary>
    public static NodeTable Table(int leaves)
    {
        var nodes = new NodeTable();
        for (var number = 0; number < leaves; number++)
        {
            nodes.Add(Leaf(number));
        }

        return nodes;
    }

    /// <summary>A journal entry of one batch for the nodes of a table.</summary>
    public static JournalEntry Entry(long sequence, NodeTable nodes)
    {
        var (leaves, times, values) = Points((int)sequence, nodes.Count);
        var slots = Array.ConvertAll(leaves, leaf => nodes[leaf]);
        return new JournalEntry(sequence, Start + Resolution / 2, [new PointsItem("load", 1, sequence, slots, times, values)]);
    }

    /// <summary>The serializer of a stored type.</summary>
    public static Serializer<T> SerializerOf<T>()
    {
        var services = new ServiceCollection().AddSerializer(serializers => serializers.AddAssembly(typeof(NodeRecord).Assembly));
        return services.BuildServiceProvider().GetRequiredService<Serializer<T>>();
    }
}
