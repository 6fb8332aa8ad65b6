using Grpc.Core;
using Monitoring.Protocol.V1;

namespace Monitoring.Tree;

/// <summary>Watches of the tree's department.</summary>
internal static class AlertWatches
{
    /// <summary>Opens a watch, and reads it until all that follows is new.</summary>
    public static async Task<AsyncServerStreamingCall<WatchAlertsResponse>> OpenAsync(ChannelBase channel, CancellationToken cancellationToken)
    {
        var request = new WatchAlertsRequest { Departments = { TreeShape.Department }, Snapshot = true };
        var watch = new Alerts.AlertsClient(channel).Watch(request, cancellationToken: cancellationToken);
        while (await watch.ResponseStream.MoveNext(cancellationToken))
        {
            if (watch.ResponseStream.Current.SnapshotComplete is not null)
            {
                break;
            }
        }

        return watch;
    }
}
