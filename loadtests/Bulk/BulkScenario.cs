using System.Diagnostics;
using System.Globalization;
using Monitoring.History;
using Monitoring.Indicators;
using Monitoring.Storage;
using Monitoring.Storage.PostgreSql;
using Npgsql;

namespace Monitoring.Bulk;

/// <summary>
/// Which of two ways writes bucket rows to PostgreSQL quicker, arrays or a copy, by number of rows: the ground of
/// <see cref="BulkInsert{TRow}.MinCopiedRows"/>. Both take turns on the same server.
/// </summary>
internal sealed class BulkScenario(int rounds, int connections)
{
    public const string Usage = """
        usage: loadtests bulk [options]
          --rounds N             transactions of each way and size (default 20)
          --connections N        transactions at once, each of a partition of its own (default 1)
        """;

    private static readonly int[] _sizes = [1, 100, 500, 1_000, 2_000, 5_000, 20_000];

    /// <summary>Reads the options.</summary>
    /// <exception cref="UsageException">One is unknown or out of range.</exception>
    public static BulkScenario Parse(string[] arguments)
    {
        var line = new CommandLine(arguments, new HashSet<string>(StringComparer.Ordinal));
        var rounds = line.Take("--rounds", 20, 1, 10_000);
        var connections = line.Take("--connections", 1, 1, 64);
        line.Done();
        return new BulkScenario(rounds, connections);
    }

    /// <summary>Measures and prints a table.</summary>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        await using var server = await PostgreSqlServer.StartAsync();
        await using var source = NpgsqlDataSource.Create(await server.CreateDatabaseAsync() + ";Max Auto Prepare=32;No Reset On Close=true");
        var opened = new List<NpgsqlConnection>();
        for (var number = 0; number < connections; number++)
        {
            opened.Add(await source.OpenConnectionAsync(cancellationToken)); // They end with the source.
        }

        await PostgreSqlSchema.MigrateAsync(opened[0], cancellationToken);
        Console.WriteLine("rows of a transaction | arrays: median ms, mean CPU ms | copied: likewise | ratio of times | of CPU");
        foreach (var size in _sizes)
        {
            var (arrays, copied) = (new (double Elapsed, double Cpu)[rounds], new (double Elapsed, double Cpu)[rounds]);
            for (var round = 0; round < rounds; round++)
            {
                arrays[round] = await MeasureAsync(opened, size, round, isCopied: false, cancellationToken);
                copied[round] = await MeasureAsync(opened, size, round, isCopied: true, cancellationToken);
            }

            var (by, of) = (Summary(arrays), Summary(copied));
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{size} | {by.Elapsed:F2}, {by.Cpu:F2} | {of.Elapsed:F2}, {of.Cpu:F2} | {by.Elapsed / of.Elapsed:F2} | {by.Cpu / of.Cpu:F2}"));
        }

        return 0;
    }

    /// <summary>Writes the buckets of a minute each; of two transactions, one makes rows and the next changes them, as checkpoints do.</summary>
    /// <returns>Time until all connections are done, and CPU time of this process and the server's, in milliseconds.</returns>
    private static async Task<(double Elapsed, double Cpu)> MeasureAsync(
        IReadOnlyList<NpgsqlConnection> opened, int size, int round, bool isCopied, CancellationToken cancellationToken)
    {
        var start = round / 2 * 60_000L;
        var rows = new (BucketPlace Place, Aggregate Aggregate)[size];
        for (var number = 0; number < size; number++)
        {
            rows[number] = (new BucketPlace(number, 60_000 + size, start), new Aggregate(start, number + round));
        }

        var before = CpuOf(opened);
        var began = Stopwatch.GetTimestamp();
        await Task.WhenAll(opened.Select((connection, index) => Task.Run(() => WriteAsync(connection, (index * 2) + (isCopied ? 1 : 0)), cancellationToken)));
        return (Stopwatch.GetElapsedTime(began).TotalMilliseconds, (CpuOf(opened) - before).TotalMilliseconds);

        async Task WriteAsync(NpgsqlConnection connection, int partition)
        {
            await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
            await (isCopied
                ? BulkTables.Buckets.WriteCopiedAsync(connection, partition, rows, cancellationToken)
                : BulkTables.Buckets.WriteArraysAsync(connection, partition, rows, cancellationToken));
            await transaction.CommitAsync(cancellationToken);
        }
    }

    private static TimeSpan CpuOf(IEnumerable<NpgsqlConnection> opened)
    {
        using var self = Process.GetCurrentProcess();
        var sum = self.TotalProcessorTime;
        foreach (var connection in opened)
        {
            using var server = Process.GetProcessById(connection.ProcessID);
            sum += server.TotalProcessorTime;
        }

        return sum;
    }

    private static (double Elapsed, double Cpu) Summary((double Elapsed, double Cpu)[] values) =>
        (values.Select(value => value.Elapsed).Order().ElementAt(values.Length / 2), values.Average(value => value.Cpu));
}
