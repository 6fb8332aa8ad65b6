using Monitoring.History;
using Monitoring.Indicators;
using Monitoring.Partitions;
using Prometheus;

namespace Monitoring.LatePoints;

public sealed class LateBookTests
{
    private static readonly NodeSlot Slot = new(0, new NodeKey("c", "a"));

    [Fact]
    public void Take_EntriesWereApplied_GivesTheirPointsOnceAndKeepsThemUntilTheyAreStored()
    {
        var book = Book();
        book.OnApplied(Late(entry: 4, 10, 11));
        book.OnApplied(Late(entry: 6, 12));

        Assert.Equal(["2-4-0", "2-4-1", "2-6-0"], book.Take(6).Kept.Select(point => point.Id.ToString()));

        book.OnApplied(Late(entry: 7, 13));
        Assert.Equal([10, 11, 12, 13], book.Points.Select(point => point.Value));
        book.OnStored(6);
        Assert.Equal([13], book.Points.Select(point => point.Value));
        Assert.Equal(["2-7-0"], book.Take(7).Kept.Select(point => point.Id.ToString()));
    }

    [Fact]
    public void Take_PointWasPutInBehindTheCheckpoint_LeavesItsMarkForTheNext()
    {
        var book = Book();
        var (first, second) = (new LateId(2, 4, 0), new LateId(2, 4, 1));
        book.OnApplied(Late(entry: 4, 10, 11));
        book.OnJournaled(Reinjected(entry: 5, first));
        book.OnJournaled(Reinjected(entry: 6, second));

        Assert.Equal([first], book.Take(5).Reinjected);
        book.OnStored(5);

        Assert.False(book.IsReinjected(first));
        Assert.True(book.IsReinjected(second));
        Assert.Equal([second], book.Take(6).Reinjected);
    }

    [Fact]
    public void OnApplied_TooMany_DropsTheOldest()
    {
        var book = Book(max: 3);
        book.OnApplied(Late(entry: 4, 10, 11));
        book.OnApplied(Late(entry: 5, 12, 13));

        Assert.Equal([11, 12, 13], book.Take(5).Kept.Select(point => point.Value));
    }

    private static LateBook Book(int max = 10) => new(2, new HistoryOptions { MaxLatePoints = max }, new PartitionMetrics(Metrics.DefaultFactory));

    private static JournalEntry Late(long entry, params double[] values) => new(entry, 1_000 * entry,
    [
        new TickItem(),
        .. values.Select(value => new LateItem("s", [Slot], [5], [value], [100])),
    ]);

    private static JournalEntry Reinjected(long entry, LateId id) => new(entry, 1_000 * entry, [new ReinjectedItem([id], [Slot], [5], [1])]);
}
