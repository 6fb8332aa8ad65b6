using Grpc.Core;

namespace Monitoring.Gateway.Hosting;

/// <summary>Something that is read on behalf of all who watch it, for as long as anybody does.</summary>
internal interface ISharedSource : IAsyncDisposable
{
    /// <summary>True when it gave up; who wants to watch then needs a new one.</summary>
    bool HasFailed { get; }

    /// <summary>Wakes a watcher no more.</summary>
    void Detach(WakeSignal watcher);
}

/// <summary>
/// What watchers share: a source begins with the first who wants it and ends with the last who leaves. Bounds how many watch.
/// Thread-safe.
/// </summary>
/// <param name="begin">Begins a source.</param>
/// <param name="maxWatchers">Watchers at once.</param>
/// <param name="onWatchers">Is told by how many the watchers changed.</param>
internal sealed class SharedSources<TKey, TSource>(Func<TKey, TSource> begin, int maxWatchers, Action<int> onWatchers)
    where TKey : notnull
    where TSource : class, ISharedSource
{
    private readonly Lock _gate = new();

    // Bounded by the watchers and by what each of them may take.
    private readonly Dictionary<TKey, Shared> _sources = [];
    private int _watchers;

    /// <summary>Lets one more watch, until it is disposed.</summary>
    /// <exception cref="RpcException">RESOURCE_EXHAUSTED: too many watch already.</exception>
    public Watcher Enter()
    {
        lock (_gate)
        {
            if (_watchers >= maxWatchers)
            {
                throw new RpcException(new Status(
                    StatusCode.ResourceExhausted,
                    $"{_watchers} watchers are connected, which is all this gateway takes; use another gateway"));
            }

            _watchers++;
        }

        onWatchers(1);
        return new Watcher(this);
    }

    private Shared Take(TKey key)
    {
        lock (_gate)
        {
            if (!_sources.TryGetValue(key, out var shared) || shared.Source.HasFailed)
            {
                shared = new Shared(key, begin(key));
                _sources[key] = shared;
            }

            shared.Watchers++;
            return shared;
        }
    }

    private async ValueTask LeaveAsync(List<Shared> taken, WakeSignal wake)
    {
        var unused = new List<TSource>();
        lock (_gate)
        {
            _watchers--;
            foreach (var shared in taken)
            {
                shared.Source.Detach(wake);
                if (--shared.Watchers > 0)
                {
                    continue;
                }

                unused.Add(shared.Source);

                // One that failed was perhaps replaced.
                if (_sources.TryGetValue(shared.Key, out var present) && ReferenceEquals(present, shared))
                {
                    _sources.Remove(shared.Key);
                }
            }
        }

        onWatchers(-1);

        // All at once, so that one that fails to end keeps none of the others running.
        await Task.WhenAll(unused.Select(async source => await source.DisposeAsync()));
    }

    /// <summary>One who watches. Not thread-safe.</summary>
    internal sealed class Watcher(SharedSources<TKey, TSource> owner) : IAsyncDisposable
    {
        private readonly List<Shared> _taken = [];

        /// <summary>Is set by the sources it is attached to.</summary>
        public WakeSignal Wake { get; } = new();

        /// <summary>The source of a key, kept until this watcher leaves; each key at most once.</summary>
        public TSource Take(TKey key)
        {
            var shared = owner.Take(key);
            _taken.Add(shared);
            return shared.Source;
        }

        public ValueTask DisposeAsync() => owner.LeaveAsync(_taken, Wake);
    }

    private sealed class Shared(TKey key, TSource source)
    {
        public TKey Key => key;

        public TSource Source => source;

        public int Watchers { get; set; }
    }
}
