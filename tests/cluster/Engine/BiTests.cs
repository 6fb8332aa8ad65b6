using System.Data.Common;
using Monitoring.ClusterTests.Storage;
using Monitoring.Dictionary;
using Monitoring.Indicators;
using Monitoring.Partitions;
using Monitoring.Storage.PostgreSql;
using Monitoring.Storage.Sqlite;

namespace Monitoring.ClusterTests.Engine;

/// <summary>What BI tools read with the documented queries is what the centre itself tells.</summary>
public sealed class BiTests
{
    private const string Code = "till.wait";
    private const long Hour = 3_600_000;
    private const long Day = 24 * Hour;
    private static readonly long Now = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Queries_OfTheDocumentation_GiveTheFiguresOfTheCentre(bool inPostgreSql)
    {
        await using var cluster = await EngineCluster.StartAsync(
            options => options.CheckpointInterval = TimeSpan.FromMilliseconds(100), inPostgreSql ? new PostgreSqlStorage() : new SqliteFolder());
        var version = await cluster.ApplyAsync(Content());
        var random = new Random(7);
        var source = new TestSource(cluster, "till");
        for (var batch = 0; batch < 5; batch++)
        {
            await source.SendAsync(
                [
                    .. Enumerable.Range(0, 60).Select(_ => new TestPoint(
                        new NodeKey(Code, $"{(char)('a' + random.Next(7))}/{random.Next(3)}"), Now - random.NextInt64(3 * Day), random.Next(100))),
                ],
                version);
        }

        await cluster.SettleAsync();
        for (var partition = 0; partition < cluster.Map.Count; partition++)
        {
            await cluster.DeactivateAsync(cluster.Partition(partition)); // Everything is stored then.
        }

        var (days, regions, shares) = (await QueryAsync(cluster, 0), await QueryAsync(cluster, 1), await QueryAsync(cluster, 2));

        Assert.Equal(
            (await ReadAsync(cluster, "", Day)).Select(bucket =>
                $"{bucket.Start} {bucket.Aggregate.Count} {bucket.Aggregate.Sum / bucket.Aggregate.Count} {bucket.Aggregate.Min} {bucket.Aggregate.Max}"),
            days);
        var averages = new List<(string Path, double Average, long Points)>();
        foreach (var path in "abcdefg".Select(letter => letter.ToString()))
        {
            var total = Assert.Single(await ReadAsync(cluster, path, 0)).Aggregate;
            averages.Add((path, total.Sum / total.Count, total.Count));
        }

        Assert.Equal(
            averages.OrderByDescending(node => node.Average).ThenBy(node => node.Path, StringComparer.Ordinal).Take(5)
                .Select(node => $"{node.Path} {node.Average} {node.Points}"),
            regions);
        var region = (await ReadAsync(cluster, "a", Hour)).ToDictionary(bucket => bucket.Start, bucket => bucket.Aggregate.Count);
        var nodes = new List<(long Start, string Path, long Count)>();
        foreach (var path in new[] { "a/0", "a/1", "a/2" })
        {
            nodes.AddRange((await ReadAsync(cluster, path, Hour)).Select(bucket => (bucket.Start, path, bucket.Aggregate.Count)));
        }

        Assert.Equal(
            nodes.Order().Select(node => $"{node.Start} {node.Path} {node.Count} {node.Count * 1.0 / region[node.Start]}"), shares);
    }

    private static Task<List<string>> QueryAsync(EngineCluster cluster, int number) => cluster.Engine switch
    {
        PostgreSqlDatabase database => database.QueryAsync(Queries()[number], Describe, CancellationToken.None),
        SqliteDatabase database => database.ReadAsync(
            (connection, transaction) =>
            {
                using var command = connection.Command(transaction, Queries()[number]);
                using var reader = command.ExecuteReader();
                var rows = new List<string>();
                while (reader.Read())
                {
                    rows.Add(Describe(reader));
                }

                return rows;
            },
            CancellationToken.None),
        _ => throw new NotSupportedException(),
    };

    private static string Describe(DbDataReader row) => string.Join(' ', Enumerable.Range(0, row.FieldCount).Select(row.GetValue));

    private static List<string> Queries()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "Monitoring.sln")))
        {
            folder = folder.Parent;
        }

        return [.. File.ReadAllText(Path.Combine(folder.FullName, "docs", "bi.md")).Split("```sql\n").Skip(1).Select(part => part[..part.IndexOf("```", StringComparison.Ordinal)])];
    }

    private static async Task<IReadOnlyList<Bucket>> ReadAsync(EngineCluster cluster, string path, long resolution)
    {
        var key = new NodeKey(Code, path);
        var query = new HistoryQuery { Key = key, Start = 0, End = long.MaxValue, Resolution = resolution };
        return await EngineCluster.Persistently(() => cluster.Partition(cluster.Map.PartitionOf(key)).ReadHistoryAsync(query));
    }

    private static DictionaryContent Content() => new()
    {
        Departments = [new DepartmentDefinition { Id = "shop", Name = new LocalizedText { En = "Shop" } }],
        Indicators =
        [
            new IndicatorDefinition
            {
                Code = Code,
                Name = new LocalizedText { En = "Waiting time" },
                Statistic = Statistic.Average,
                Breakdown = ["region", "till"],
                Resolution = TimeSpan.FromSeconds(10),
                Period = new Period { Kind = PeriodKind.Rolling, Length = TimeSpan.FromMinutes(5) },
                Owner = "shop",
            },
        ],
    };
}
