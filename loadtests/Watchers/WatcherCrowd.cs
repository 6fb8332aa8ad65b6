using System.Diagnostics;
using Grpc.Core;
using Grpc.Net.Client;
using Monitoring.Measuring;

namespace Monitoring.Watchers;

/// <summary>Many watchers, some of them slow.</summary>
internal sealed class WatcherCrowd : IDisposable
{
    private const int OpenedAtOnce = 50;
    private static readonly TimeSpan _limit = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan _look = TimeSpan.FromMilliseconds(20);

    private readonly GrpcChannel _channel;
    private readonly CancellationTokenSource _hurry = new();
    private readonly List<Watcher> _watchers = [];

    private WatcherCrowd(GrpcChannel channel) => _channel = channel;

    /// <summary>Opens the watches.</summary>
    public static async Task<WatcherCrowd> OpenAsync(Uri gateway, int watchers, int slow, CancellationToken cancellationToken)
    {
        var crowd = new WatcherCrowd(GrpcChannel.ForAddress(gateway, new GrpcChannelOptions
        {
            HttpHandler = new SocketsHttpHandler { EnableMultipleHttp2Connections = true },
            DisposeHttpClient = true,
        }));
        CallInvoker invoker = crowd._channel.CreateCallInvoker();
        foreach (var numbers in Enumerable.Range(0, watchers).Chunk(OpenedAtOnce))
        {
            crowd._watchers.AddRange(await Task.WhenAll(
                numbers.Select(number => Watcher.OpenAsync(invoker, number < slow, crowd._hurry.Token, cancellationToken))));
        }

        return crowd;
    }

    /// <summary>From when an alert's point was due until the last of those watchers that are not slow had it.</summary>
    /// <param name="raised">When each transition's point was due, 0 for transitions that are not measured; all have come.</param>
    /// <param name="first">The first that is looked at.</param>
    public Latencies Latencies(IReadOnlyList<long> raised, int first)
    {
        var latencies = new Latencies();
        Watcher[] quick = [.. _watchers.Where(watcher => !watcher.IsSlow)];
        for (var index = first; quick.Length > 0 && index < raised.Count; index++)
        {
            if (raised[index] != 0)
            {
                latencies.Add(Stopwatch.GetElapsedTime(raised[index], quick.Max(watcher => watcher.ArrivalOf(index))));
            }
        }

        return latencies;
    }

    /// <summary>Waits until those that are not slow have so many transitions.</summary>
    /// <returns>How many transitions are missing, over all of them.</returns>
    public Task<int> WaitForQuickAsync(int transitions, CancellationToken cancellationToken) =>
        WaitAsync(watcher => !watcher.IsSlow, transitions, cancellationToken);

    /// <summary>Tells the slow ones to read on, and waits until all have so many transitions.</summary>
    /// <returns>How many transitions are missing or too many, over all of them.</returns>
    public async Task<int> WaitForAllAsync(int transitions, CancellationToken cancellationToken)
    {
        await _hurry.CancelAsync();
        return await WaitAsync(_ => true, transitions, cancellationToken);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var watcher in _watchers)
        {
            watcher.Dispose();
        }

        _channel.Dispose();
        _hurry.Dispose();
    }

    private async Task<int> WaitAsync(Func<Watcher, bool> isMeant, int transitions, CancellationToken cancellationToken)
    {
        Watcher[] meant = [.. _watchers.Where(isMeant)];
        var began = Stopwatch.GetTimestamp();
        while (meant.Any(watcher => watcher.Count < transitions) && Stopwatch.GetElapsedTime(began) < _limit)
        {
            await Task.Delay(_look, cancellationToken);
        }

        return meant.Sum(watcher => Math.Abs(transitions - watcher.Count));
    }
}
