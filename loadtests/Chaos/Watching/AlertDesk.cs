using Grpc.Core;
using Monitoring.Chaos.Input;
using Monitoring.Chaos.Oracle;
using Monitoring.Protocol.V1;

namespace Monitoring.Chaos.Watching;

/// <summary>All departments of the workload with their watchers, two each on different gateways.</summary>
internal sealed class AlertDesk(IReadOnlyList<Alerts.AlertsClient> gateways)
{
    private const int WatchersOfDepartment = 2;
    private const int MaxAttempts = 5;
    private static readonly TimeSpan _quiet = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan _answer = TimeSpan.FromSeconds(30);

    private readonly ChaosWatcher[] _watchers =
    [
        .. from department in InputDepartment.All
           from number in Enumerable.Range(0, WatchersOfDepartment)
           select new ChaosWatcher(department.Id, number, gateways),
    ];

    /// <summary>All watchers.</summary>
    public IReadOnlyList<ChaosWatcher> Watchers => _watchers;

    /// <summary>Watches until it is cancelled.</summary>
    public Task RunAsync(CancellationToken cancellationToken) => Task.WhenAll(_watchers.Select(watcher => watcher.RunAsync(cancellationToken)));

    /// <summary>Reads a department's log from its beginning to a cursor.</summary>
    public async Task<LoggedTransition[]> ReadAsync(string department, long until, CancellationToken cancellationToken)
    {
        var log = new WatchedLog($"{department} afterwards");
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(_quiet);
        try
        {
            var request = new WatchAlertsRequest { Departments = { department }, Cursor = WatchPosition.Cursor(department, 0) };
            using var call = gateways[0].Watch(request, cancellationToken: limit.Token);
            while (log.LastCursor < until && await call.ResponseStream.MoveNext(limit.Token))
            {
                if (call.ResponseStream.Current.Event is { } seen)
                {
                    log.Add(seen);
                    limit.CancelAfter(_quiet);
                }
            }
        }
        catch (Exception ended) when (!cancellationToken.IsCancellationRequested && ended is RpcException or OperationCanceledException)
        {
            // What came is compared; the rest misses.
        }

        return log.Copy();
    }

    /// <summary>Every alert a department has listed, newest first.</summary>
    public async Task<List<Alert>> ListAsync(string department, CancellationToken cancellationToken)
    {
        var alerts = new List<Alert>();
        var request = new ListAlertsRequest { Department = department, IncludeResolved = true, PageSize = 1_000 };
        do
        {
            var page = await ListPageAsync(request, cancellationToken);
            alerts.AddRange(page.Alerts);
            request.PageToken = page.NextPageToken;
        }
        while (request.PageToken.Length > 0);
        return alerts;
    }

    /// <summary>
    /// A call without a deadline may wait for ever: once in a run of 93 million points a server finished an answer and never sent it, on a
    /// connection on which a long watch had just been cancelled.
    /// </summary>
    private async Task<ListAlertsResponse> ListPageAsync(ListAlertsRequest request, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                var deadline = TimeProvider.System.GetUtcNow().UtcDateTime + _answer;
                return await gateways[^1].ListAsync(request, deadline: deadline, cancellationToken: cancellationToken);
            }
            catch (RpcException late) when (attempt < MaxAttempts && late.StatusCode == StatusCode.DeadlineExceeded)
            {
                // Reading again does no harm.
            }
        }
    }
}
