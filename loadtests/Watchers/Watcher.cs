using System.Diagnostics;
using Grpc.Core;
using Monitoring.Protocol.V1;
using Monitoring.Tree;

namespace Monitoring.Watchers;

/// <summary>One open watch of the department, which notes when each transition came.</summary>
internal sealed class Watcher : IDisposable
{
    private static readonly TimeSpan _pause = TimeSpan.FromSeconds(1);

    private readonly AsyncServerStreamingCall<WatchedKind> _call;
    private readonly CancellationToken _hurry;
    private readonly List<long> _arrivals = [];
    private volatile int _count;

    private Watcher(AsyncServerStreamingCall<WatchedKind> call, bool isSlow, CancellationToken hurry) =>
        (_call, IsSlow, _hurry) = (call, isSlow, hurry);

    /// <summary>Whether it reads one message in a second.</summary>
    public bool IsSlow { get; }

    /// <summary>Transitions that came so far.</summary>
    public int Count => _count;

    /// <summary>Opens a watch and waits until it is at the present.</summary>
    /// <param name="invoker">The gateway.</param>
    /// <param name="isSlow">Whether it takes its time.</param>
    /// <param name="hurry">From then on it does not.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async Task<Watcher> OpenAsync(CallInvoker invoker, bool isSlow, CancellationToken hurry, CancellationToken cancellationToken)
    {
        var request = new WatchAlertsRequest { Departments = { TreeShape.Department }, Snapshot = true };
        var call = invoker.AsyncServerStreamingCall(WatchMethod.Instance, host: null, new CallOptions(cancellationToken: cancellationToken), request);
        while (await call.ResponseStream.MoveNext(cancellationToken) && !call.ResponseStream.Current.IsSnapshotComplete)
        {
            // What is open already is of no interest.
        }

        var watcher = new Watcher(call, isSlow, hurry);
        _ = watcher.ReceiveAsync(cancellationToken);
        return watcher;
    }

    /// <summary>When a transition came.</summary>
    /// <param name="index">Its place among those that came, from 0.</param>
    public long ArrivalOf(int index)
    {
        lock (_arrivals)
        {
            return _arrivals[index];
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _call.Dispose();

    private async Task ReceiveAsync(CancellationToken cancellationToken)
    {
        while (await _call.ResponseStream.MoveNext(cancellationToken))
        {
            if (!_call.ResponseStream.Current.IsEvent)
            {
                continue;
            }

            lock (_arrivals)
            {
                _arrivals.Add(Stopwatch.GetTimestamp());
                _count = _arrivals.Count;
            }

            if (IsSlow && !_hurry.IsCancellationRequested)
            {
                await Task.Delay(_pause, TimeProvider.System, _hurry).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }
}
