using Grpc.Core;
using Monitoring.Protocol.V1;

namespace Monitoring.Infrastructure;

/// <summary>A watcher of the tests' department that comes back with its cursor whenever its stream broke.</summary>
internal sealed class AlertWatcher(Alerts.AlertsClient client)
{
    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(100);
    private readonly List<AlertEvent> _events = [];

    /// <summary>Every transition so far, in order.</summary>
    public IReadOnlyList<AlertEvent> Events
    {
        get
        {
            lock (_events)
            {
                return [.. _events];
            }
        }
    }

    /// <summary>Watches from the first transition there is, until the token is cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var cursor = string.Empty;
        using var timer = new PeriodicTimer(_pause);
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                var request = new WatchAlertsRequest { Departments = { TestDictionary.Department } };
                if (cursor.Length > 0)
                {
                    request.Cursor = cursor;
                }
                else
                {
                    request.SinceUnixMs = 1;
                }

                using var call = client.Watch(request, cancellationToken: cancellationToken);
                while (await call.ResponseStream.MoveNext(cancellationToken))
                {
                    cursor = Take(call.ResponseStream.Current) ?? cursor;
                }
            }
            catch (RpcException) when (!cancellationToken.IsCancellationRequested)
            {
                // The gateway went away.
            }
            catch (Exception ended) when (ended is OperationCanceledException or RpcException)
            {
                return;
            }

            await timer.WaitForNextTickAsync(CancellationToken.None);
        }
    }

    /// <summary>Waits for a transition.</summary>
    public Task SawAsync(string path, TransitionKind kind) =>
        Eventually.TrueAsync(() => Events.Any(seen => seen.Alert.Path == path && seen.Transition.Kind == kind));

    private string? Take(WatchAlertsResponse response)
    {
        if (response.Event is { } seen)
        {
            lock (_events)
            {
                _events.Add(seen);
            }
        }

        var cursor = response.Event?.Cursor ?? response.SnapshotComplete?.Cursor ?? response.Heartbeat?.Cursor;
        return string.IsNullOrEmpty(cursor) ? null : cursor;
    }
}
