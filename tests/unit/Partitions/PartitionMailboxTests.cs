using Monitoring.Dictionary;
using Monitoring.Indicators;
using Prometheus;

namespace Monitoring.Partitions;

public sealed class PartitionMailboxTests
{
    [Fact]
    public async Task Close_PointsWait_RefusesThemAndCountsThemNoLonger()
    {
        var mailbox = new PartitionMailbox(
            journal: null!, new NodeTable(), new SenderTable(), new PartitionOptions(), TimeProvider.System, new PartitionMetrics())
        {
            CorrectionsFrom = at => at,
            Dictionary = DictionarySnapshot.Empty,
            Journaled = _ => { },
            IsBacklogged = () => false,
            IsCongested = () => false,
        };
        var waiting = mailbox.PostAsync(Points(3));
        Assert.Equal(3, await WaitingPointsAsync());

        mailbox.Close(new PartitionClosedException(1));

        await Assert.ThrowsAsync<PartitionClosedException>(() => waiting);
        await Assert.ThrowsAsync<PartitionClosedException>(() => mailbox.PostAsync(Points(2)));
        Assert.Equal(0, await WaitingPointsAsync());
    }

    private static PointDelivery Points(int count) => new()
    {
        Source = "s",
        Epoch = 1,
        Sequence = 1,
        PreviousSequence = 0,
        DictionaryVersion = 0,
        Nodes = [.. Enumerable.Repeat(new NodeKey("c", "a"), count)],
        Times = new long[count],
        Values = new double[count],
    };

    private static async Task<double> WaitingPointsAsync()
    {
        using var stream = new MemoryStream();
        await Metrics.DefaultRegistry.CollectAndExportAsTextAsync(stream, TestContext.Current.CancellationToken);
        var line = System.Text.Encoding.UTF8.GetString(stream.ToArray()).Split('\n')
            .Single(line => line.StartsWith("monitoring_partition_mailbox_points ", StringComparison.Ordinal));
        return double.Parse(line.Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture);
    }
}
