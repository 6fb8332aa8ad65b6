namespace Monitoring.Partitions;

public sealed class ApplyTurnsTests
{
    [Fact]
    public async Task TakeAsync_AllTurnsAreTaken_WaitsUntilOneIsGivenBack()
    {
        var turns = NewTurns();
        var (first, second) = (new Turn(turns), new Turn(turns));
        await first.TakeAsync();

        var waiting = second.TakeAsync().AsTask();
        Assert.False(waiting.IsCompleted);
        first.GiveBack();

        await waiting;
    }

    [Fact]
    public async Task TakeAndGiveBack_OnceMoreThanNeeded_CountsOnce()
    {
        var turns = NewTurns();
        var (first, second) = (new Turn(turns), new Turn(turns));
        await first.TakeAsync();
        await first.TakeAsync();
        first.GiveBack();
        first.GiveBack();

        await second.TakeAsync();
        Assert.False(first.TakeAsync().AsTask().IsCompleted);
    }

    [Fact]
    public async Task GiveBackIfLong_TurnIsHeldBetweenTwoCalls_LetsAnotherGoOn()
    {
        var turns = NewTurns();
        var (stuck, other) = (new Turn(turns), new Turn(turns));
        await stuck.TakeAsync();

        stuck.GiveBackIfLong();
        var waiting = other.TakeAsync().AsTask();
        Assert.False(waiting.IsCompleted);
        stuck.GiveBackIfLong();

        await waiting;
    }

    [Fact]
    public async Task GiveBackIfLong_TurnWasTakenSince_KeepsIt()
    {
        var turns = NewTurns();
        var (busy, other) = (new Turn(turns), new Turn(turns));
        await busy.TakeAsync();
        busy.GiveBackIfLong();
        busy.GiveBack();
        await busy.TakeAsync();

        busy.GiveBackIfLong();

        Assert.False(other.TakeAsync().AsTask().IsCompleted);
    }

    [Fact]
    public async Task TakeAsync_LittleWaits_MoreGoOnUntilMuchWaits()
    {
        var waiting = 1_000;
        var turns = new ApplyTurns(new PartitionOptions { MaxAppliers = 1, MaxCalmAppliers = 2, CalmWeight = 1_000 }, () => waiting);
        var (first, second, third) = (new Turn(turns), new Turn(turns), new Turn(turns));
        await first.TakeAsync();
        await second.TakeAsync();
        var left = third.TakeAsync().AsTask();
        Assert.False(left.IsCompleted);

        waiting = 1_001;
        first.GiveBack();
        Assert.False(left.IsCompleted);
        second.GiveBack();

        await left;
    }

    private static ApplyTurns NewTurns() => new(new PartitionOptions { MaxAppliers = 1, MaxCalmAppliers = 1 }, () => 0);
}
