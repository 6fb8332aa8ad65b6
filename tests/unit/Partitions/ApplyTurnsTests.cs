namespace Monitoring.Partitions;

public sealed class ApplyTurnsTests
{
    [Fact]
    public async Task TakeAsync_AllTurnsAreTaken_WaitsUntilOneIsGivenBack()
    {
        using var turns = new ApplyTurns(1);
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
        using var turns = new ApplyTurns(1);
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
        using var turns = new ApplyTurns(1);
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
        using var turns = new ApplyTurns(1);
        var (busy, other) = (new Turn(turns), new Turn(turns));
        await busy.TakeAsync();
        busy.GiveBackIfLong();
        busy.GiveBack();
        await busy.TakeAsync();

        busy.GiveBackIfLong();

        Assert.False(other.TakeAsync().AsTask().IsCompleted);
    }
}
