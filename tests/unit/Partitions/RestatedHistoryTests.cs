using CsCheck;
using Monitoring.Indicators;
using Monitoring.RawPoints;

namespace Monitoring.Partitions;

public sealed class RestatedHistoryTests
{
    private const long Day = 100;

    [Fact]
    public void ReadAsync_AnyLoads_GivesWhatIsStoredAndReadsNothingTwice() =>
        Gen.Select(Gen.Int[0, 2].Select(size => size * 100), Gen.Select(Gen.Int[0, 3], Gen.Int[0, 29].Array[1, 3]).Array[1, 5].Array[1, 10])
            .Sample((limit, calls) =>
            {
                var read = new List<(int Number, HistorySpan Part)>();
                var history = new RestatedHistory(
                    loads =>
                    {
                        read.AddRange(loads.SelectMany(load => load.Spans.Select(span => (load.Number, span))));
                        return Task.FromResult<NodeHistory[]>([.. loads.Select(Stored)]);
                    },
                    limit == 200 ? int.MaxValue : limit);
                foreach (var call in calls)
                {
                    HistoryLoad[] loads =
                        [.. call.DistinctBy(node => node.Item1).Select(node => new HistoryLoad(node.Item1, 10, [.. node.Item2.Select(Span)]))];

                    var answers = history.ReadAsync(loads);

                    Assert.True(answers.IsCompletedSuccessfully);
                    Assert.Equal(loads.Select(Stored).Select(Describe), answers.Result.Select(Describe));
                }

                Assert.True(limit < 200 || read.Count == read.Distinct().Count(), "Something was read twice.");
            });

    [Fact]
    public async Task ReadAsync_StorageChanges_ReadsAnewOnceItIsTold()
    {
        var reads = 0;
        var history = new RestatedHistory(
            loads =>
            {
                reads++;
                return Task.FromResult<NodeHistory[]>([.. loads.Select(Stored)]);
            },
            limit: 1_000);
        HistoryLoad[] loads = [new(1, 10, [Span(3)])];

        await history.ReadAsync(loads);
        await history.ReadAsync(loads);
        Assert.Equal(1, reads);
        history.Forget();
        await history.ReadAsync(loads);

        Assert.Equal(2, reads);
    }

    /// <summary>A bucket of ten milliseconds, with its day and all of the day's buckets.</summary>
    private static HistorySpan Span(int bucket)
    {
        var start = bucket * 10L;
        var day = start / Day * Day;
        return new HistorySpan { BucketsFrom = day, BucketsUntil = day + Day, DaysFrom = day, DaysUntil = day + 1, RawFrom = start, RawUntil = start + 10 };
    }

    /// <summary>What a store holds: every third bucket is empty, and a chunk spans three buckets.</summary>
    private static NodeHistory Stored(HistoryLoad load) => new()
    {
        Buckets =
        [
            .. load.Spans.SelectMany(span => Enumerable.Range(0, 30).Select(bucket => bucket * 10L)
                .Where(start => start >= span.BucketsFrom && start < span.BucketsUntil && start % 3 != 0).Select(start => Row(10, start, load.Number))
                .Concat(span.DaysUntil > span.DaysFrom ? [Row(Day, span.DaysFrom, load.Number)] : []))
                .DistinctBy(row => (row.Resolution, row.Start)).OrderBy(row => row.Resolution).ThenBy(row => row.Start),
        ],
        Chunks =
        [
            .. load.Spans.SelectMany(span => Enumerable.Range(0, 10).Where(chunk => chunk * 30 < span.RawUntil && (chunk * 30) + 30 > span.RawFrom))
                .Distinct().Order().Select(chunk => new RawChunk { Sequence = chunk, MinTime = chunk * 30, MaxTime = (chunk * 30) + 29, Count = 1, Payload = [] }),
        ],
    };

    private static BucketRow Row(long resolution, long start, int number) =>
        new() { Resolution = resolution, Start = start, Aggregate = new Aggregate(start, number), IsAddition = false };

    private static string Describe(NodeHistory history) =>
        $"{string.Join(' ', history.Buckets.Select(row => (row.Resolution, row.Start, row.Aggregate.Last)))} {string.Join(' ', history.Chunks.Select(chunk => chunk.Sequence))}";
}
