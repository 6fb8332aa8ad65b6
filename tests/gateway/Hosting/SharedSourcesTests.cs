using Grpc.Core;

namespace Monitoring.Gateway.Hosting;

public sealed class SharedSourcesTests
{
    private readonly List<Source> _begun = [];

    [Fact]
    public async Task Leave_OneSourceFailsToEnd_TheOthersEndAllTheSame()
    {
        var sources = Sources(maxWatchers: 1);
        var watcher = sources.Enter();
        watcher.Take("a").FailsToEnd = true;
        watcher.Take("b");

        await Assert.ThrowsAsync<IOException>(() => watcher.DisposeAsync().AsTask());

        Assert.All(_begun, source => Assert.True(source.HasEnded));
        await using var next = sources.Enter();
        Assert.False(next.Take("a").HasEnded);
    }

    [Fact]
    public async Task Leave_OthersStillWatch_TheSourceGoesOn()
    {
        var sources = Sources(maxWatchers: 2);
        var first = sources.Enter();
        var second = sources.Enter();
        Assert.Same(first.Take("a"), second.Take("a"));

        await first.DisposeAsync();
        Assert.False(_begun[0].HasEnded);

        await second.DisposeAsync();
        Assert.True(Assert.Single(_begun).HasEnded);
    }

    [Fact]
    public async Task Take_SourceGaveUp_BeginsANewOneAndEndsBoth()
    {
        var sources = Sources(maxWatchers: 2);
        var first = sources.Enter();
        first.Take("a").HasFailed = true;
        var second = sources.Enter();
        Assert.NotSame(_begun[0], second.Take("a"));

        await first.DisposeAsync();
        Assert.Equal([true, false], _begun.Select(source => source.HasEnded));

        await second.DisposeAsync();
        Assert.True(_begun[1].HasEnded);
    }

    [Fact]
    public async Task Enter_AsManyAsAllowedWatch_IsRefusedUntilOneLeaves()
    {
        var sources = Sources(maxWatchers: 1);
        var watcher = sources.Enter();

        Assert.Equal(StatusCode.ResourceExhausted, Assert.Throws<RpcException>(sources.Enter).StatusCode);

        await watcher.DisposeAsync();
        await sources.Enter().DisposeAsync();
    }

    private SharedSources<string, Source> Sources(int maxWatchers) => new(
        _ =>
        {
            _begun.Add(new Source());
            return _begun[^1];
        },
        maxWatchers,
        _ => { });

    private sealed class Source : ISharedSource
    {
        public bool HasFailed { get; set; }

        public bool FailsToEnd { get; set; }

        public bool HasEnded { get; private set; }

        public void Detach(WakeSignal watcher)
        {
        }

        public ValueTask DisposeAsync()
        {
            HasEnded = true;
            return FailsToEnd ? throw new IOException("The connection broke.") : ValueTask.CompletedTask;
        }
    }
}
