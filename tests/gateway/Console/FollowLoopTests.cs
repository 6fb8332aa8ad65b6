using Microsoft.Extensions.Time.Testing;
using Monitoring.Gateway.Console.Live;

namespace Monitoring.Gateway.Console;

public sealed class FollowLoopTests : IAsyncDisposable
{
    private readonly FakeTimeProvider _clock = new();
    private readonly FollowLoop _loop;
    private readonly CancellationTokenSource _guard = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);

    public FollowLoopTests()
    {
        _guard.CancelAfter(TimeSpan.FromSeconds(30));
        _loop = new FollowLoop(_clock, new ConsoleOptions(), () => { });
    }

    public async ValueTask DisposeAsync()
    {
        await _loop.DisposeAsync();
        _guard.Dispose();
    }

    [Fact]
    public async Task Restart_CancelledRunEndsWithAnotherException_FollowsAnew()
    {
        _loop.Restart(BreakWhenCancelledAsync);
        var next = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

        _loop.Restart((_, cancellationToken) =>
        {
            next.SetResult();
            return Task.Delay(Timeout.InfiniteTimeSpan, _clock, cancellationToken);
        });

        await next.Task.WaitAsync(_guard.Token);
    }

    [Fact]
    public async Task Dispose_CancelledRunEndsWithAnotherException_Ends()
    {
        _loop.Restart(BreakWhenCancelledAsync);

        await _loop.DisposeAsync();

        _loop.Restart((_, _) => throw new InvalidOperationException("It follows although it is disposed."));
        Assert.False(_loop.IsInterrupted);
    }

    [Fact]
    public async Task Restart_WhileInterrupted_IsInterruptedUntilSomethingArrives()
    {
        _loop.Restart((_, _) => Task.FromException(new IOException("The connection broke.")));
        Assert.True(_loop.IsInterrupted);
        var arriving = new TaskCompletionSource();
        var arrived = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

        _loop.Restart(async (onArrived, cancellationToken) =>
        {
            await arriving.Task;
            onArrived();
            arrived.SetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, _clock, cancellationToken);
        });
        Assert.True(_loop.IsInterrupted);

        arriving.SetResult();
        await arrived.Task.WaitAsync(_guard.Token);
        Assert.False(_loop.IsInterrupted);
    }

    private async Task BreakWhenCancelledAsync(Action arrived, CancellationToken cancellationToken)
    {
        arrived();
        await Task.Delay(Timeout.InfiniteTimeSpan, _clock, cancellationToken).ContinueWith(_ => { }, TaskScheduler.Default);
        throw new IOException("The connection broke.");
    }
}
