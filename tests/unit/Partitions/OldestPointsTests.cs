namespace Monitoring.Partitions;

/// <summary>How old points on their way are, by depth.</summary>
public sealed class OldestPointsTests
{
    private readonly OldestPoints _oldest = new();

    [Fact]
    public void Note_DeliveriesTellDepthsApart_KeepsTheOldestOfEach()
    {
        _oldest.Note(Item(oldest: 5, [5, 70, .. Enumerable.Repeat(OldestPoints.None, 7)]));
        _oldest.Note(Item(oldest: 20, [60, 20, .. Enumerable.Repeat(OldestPoints.None, 7)]));

        Assert.Equal((5, 20, OldestPoints.None, 5), (_oldest[0], _oldest[1], _oldest[2], _oldest.Oldest));
    }

    [Fact]
    public void Note_DeliveryDoesNotTellDepthsApart_TakesItsOldestForAll()
    {
        _oldest.Note(Item(oldest: 5, []));

        Assert.Equal((5, 5), (_oldest[0], _oldest[7]));
    }

    private static ContributionsItem Item(long oldest, long[] byDepth) => new(1, 1, 1, oldest, [], []) { OldestByDepth = byDepth };
}
