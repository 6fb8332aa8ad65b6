using System.Diagnostics;
using Grpc.Core;
using Grpc.Net.Client;
using Monitoring.Protocol.V1;

namespace Monitoring.Tree;

/// <summary>Compares what the root of the tree holds with what was sent.</summary>
internal static class RootTotals
{
    private static readonly TimeSpan _limit = TimeSpan.FromMinutes(5);

    /// <summary>Waits, for a limited time, until the root holds what was sent. A gateway that does not answer yet is asked again.</summary>
    /// <param name="channel">The gateway.</param>
    /// <param name="span">How far back points may lie.</param>
    /// <param name="sent">What was sent.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<bool> HoldAsync(GrpcChannel channel, TimeSpan span, Totals sent, CancellationToken cancellationToken)
    {
        var client = new Protocol.V1.Indicators.IndicatorsClient(channel);
        var now = TimeProvider.System.GetUtcNow();
        var request = new HistoryRequest
        {
            Indicator = TreeShape.Indicator,
            StartUnixMs = (now - span).ToUnixTimeMilliseconds(),
            EndUnixMs = now.AddDays(1).ToUnixTimeMilliseconds(),
            Total = true,
        };
        var began = Stopwatch.GetTimestamp();
        var found = default(Totals);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        do
        {
            try
            {
                var history = await client.HistoryAsync(request, cancellationToken: cancellationToken);
                found = history.Buckets is [{ Aggregate: { } aggregate }] ? new Totals((long)aggregate.Count, aggregate.Sum) : default;
            }
            catch (RpcException unanswered) when (unanswered.StatusCode is StatusCode.Unavailable or StatusCode.DeadlineExceeded)
            {
                // It is starting.
            }

            if (found == sent)
            {
                return true;
            }
        }
        while (Stopwatch.GetElapsedTime(began) < _limit && await timer.WaitForNextTickAsync(cancellationToken));

        await Console.Error.WriteLineAsync($"The root holds {found}, sent was {sent}.");
        return false;
    }
}
