using System.Collections.Concurrent;
using System.Collections.Immutable;
using CsCheck;
using Monitoring.Dictionary;
using Monitoring.Indicators;
using Monitoring.Infrastructure;
using Prometheus;

namespace Monitoring.Partitions;

public sealed class NodeQueriesTests
{
    private static readonly IndicatorDefinition Definition = Sample.Indicator(Sample.Rolling(TimeSpan.FromMinutes(5)), TimeSpan.FromMinutes(1));
    private static readonly DictionarySnapshot Dictionary = new() { Version = 1, Indicators = [Definition] };

    [Fact]
    public void List_PagesOfAnySize_GiveEveryMatchingNodeOnceInOrder() =>
        Gen.Select(Gen.String[Gen.Char["ab/"], 0, 6].Array[0, 30], Gen.Int[1, 8], Gen.String[Gen.Char["ab"], 0, 1]).Sample((paths, limit, prefix) =>
        {
            var nodes = new NodeTable();
            foreach (var path in paths.Distinct(StringComparer.Ordinal))
            {
                nodes.Add(new NodeKey(Definition.Code, path)).Exists = !path.EndsWith('a');
            }

            var seen = new List<string>();
            var selection = new NodeSelection { Code = Definition.Code, PathPrefix = prefix, Limit = limit };
            while (true)
            {
                var page = Queries(nodes).List(selection, Dictionary).Select(key => key.Path).Order(StringComparer.Ordinal).ToList();
                Assert.InRange(page.Count, 0, limit);
                if (page.Count == 0)
                {
                    break;
                }

                seen.AddRange(page);
                selection = selection with { After = page[^1] };
            }

            var expected = paths.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)
                .Where(path => !path.EndsWith('a') && (prefix.Length == 0 || $"{path}/".StartsWith($"{prefix}/", StringComparison.Ordinal)));
            Assert.Equal(expected, seen);
        });

    [Fact]
    public async Task ReadAsync_MoreNodesThanMayBeCalledAtOnce_CallsThemPartByPart()
    {
        var nodes = new NodeTable();
        var waiting = new ConcurrentQueue<TaskCompletionSource>();
        var keys = Enumerable.Range(0, 10).Select(number => new NodeKey(Definition.Code, $"{number}")).ToImmutableArray();
        foreach (var key in keys)
        {
            var slot = nodes.Add(key);
            (slot.Exists, slot.IsResident, slot.Grain) = (true, true, new WaitingNode(key, waiting));
        }

        var reading = Queries(nodes, maxNodeCalls: 4).ReadAsync(keys, Dictionary);

        Assert.Equal(4, waiting.Count);
        while (!reading.IsCompleted)
        {
            Assert.InRange(waiting.Count, 0, 4);
            while (waiting.TryDequeue(out var call))
            {
                call.SetResult();
            }

            await Task.Yield();
        }

        Assert.Equal(keys, (await reading).Select(node => node.Key));
    }

    private static NodeQueries Queries(NodeTable nodes, int maxNodeCalls = 4)
    {
        var options = new PartitionOptions { MaxNodeCalls = maxNodeCalls };
        var caller = new NodeCaller(1, 1, SiloAddress.Zero, grains: null!, store: null!, nodeImages: null!, new ApplyTurns(options, () => 0), options, new PartitionMetrics(Metrics.DefaultFactory));
        return new NodeQueries(nodes, caller, checkpointer: null!, corrections: null!, store: null!, records: null!, TimeProvider.System);
    }

    private sealed class WaitingNode(NodeKey key, ConcurrentQueue<TaskCompletionSource> waiting) : IIndicatorGrain
    {
        public async ValueTask<NodeReading?> ReadAsync(long epoch, long lastEntry, IndicatorDefinition definition, long now)
        {
            var call = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            waiting.Enqueue(call);
            await call.Task;
            return new NodeReading { Key = key, Value = 1, Aggregate = default, PeriodStart = 0, PeriodEnd = 1, NewestPoint = 0, Rules = [] };
        }

        public ValueTask<NodeOutcome> ApplyAsync(NodeInput input) => throw new NotSupportedException();

        public ValueTask<NodeCheckpoint?> TakeCheckpointAsync(NodeVisit visit) => throw new NotSupportedException();

        public ValueTask<BucketRow[]?> ReadBucketsAsync(long epoch, long lastEntry, long start, long end) => throw new NotSupportedException();

        public ValueTask<BucketRow[]?> ReadDaysAsync(long epoch, long lastEntry, long start, long end) => throw new NotSupportedException();
    }
}
