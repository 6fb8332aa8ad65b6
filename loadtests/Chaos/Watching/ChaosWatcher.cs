using Grpc.Core;
using Monitoring.Protocol.V1;

namespace Monitoring.Chaos.Watching;

/// <summary>
/// A watcher of one department that comes back with its cursor, through the next gateway, whenever its stream breaks or falls silent.
/// </summary>
internal sealed class ChaosWatcher(string department, int number, IReadOnlyList<Alerts.AlertsClient> gateways)
{
    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(40);

    /// <summary>Which department.</summary>
    public string Department => department;

    /// <summary>What it saw.</summary>
    public WatchedLog Log { get; } = new($"{department} watcher {number + 1}");

    /// <summary>Watches from the first entry on until it is cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        for (var gateway = number; !cancellationToken.IsCancellationRequested; gateway++)
        {
            using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            try
            {
                await WatchAsync(gateways[gateway % gateways.Count], ending);
            }
            catch (RpcException told) when (told.StatusCode is StatusCode.InvalidArgument or StatusCode.NotFound)
            {
                Log.Verdict.Gap($"{Log.Name}: {told.Status}");
            }
            catch (Exception broken) when (broken is RpcException or OperationCanceledException)
            {
                // The gateway went away.
            }

            await Task.Delay(_pause, TimeProvider.System, CancellationToken.None);
        }
    }

    private async Task WatchAsync(Alerts.AlertsClient client, CancellationTokenSource ending)
    {
        ending.CancelAfter(_patience);
        var request = new WatchAlertsRequest { Departments = { department }, Cursor = WatchPosition.Cursor(department, Log.LastCursor) };
        using var call = client.Watch(request, cancellationToken: ending.Token);
        while (await call.ResponseStream.MoveNext(ending.Token))
        {
            ending.CancelAfter(_patience);
            if (call.ResponseStream.Current.Event is { } seen)
            {
                Log.Add(seen);
            }
        }
    }
}
