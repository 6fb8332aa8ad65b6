using System.Diagnostics;
using Grpc.Core;
using Monitoring.Chaos.Input;
using Monitoring.Protocol.V1;

namespace Monitoring.Chaos.Producers;

/// <summary>
/// A source that goes on whatever happens: when a stream breaks or falls silent it opens another through the next gateway, and sends
/// again whatever was not acknowledged, and some batches that were.
/// </summary>
internal sealed class ChaosSource(
    SourceInput input, SourceLedger ledger, IReadOnlyList<Ingest.IngestClient> gateways, ResendHabit habit, bool isPaced)
{
    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(100);
    private int _gateway = ledger.Source;

    /// <summary>Sends all batches and waits until they are acknowledged.</summary>
    /// <param name="began">Timestamp at which the first batch is due.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task RunAsync(long began, CancellationToken cancellationToken)
    {
        while (ledger.Acknowledged < ledger.Batches)
        {
            using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            try
            {
                await using var stream = await SourceStream.OpenAsync(
                    gateways[_gateway % gateways.Count], input, ledger, habit, ending);
                await stream.RunAsync(isPaced ? began : null, cancellationToken);
            }
            catch (Exception broken) when (!cancellationToken.IsCancellationRequested && IsBreak(broken))
            {
                if (broken is RpcException { StatusCode: StatusCode.InvalidArgument or StatusCode.NotFound or StatusCode.FailedPrecondition } told)
                {
                    ledger.Complain($"a stream ended with {told.Status}");
                }
            }

            _gateway++;
            await Task.Delay(_pause, TimeProvider.System, cancellationToken);
        }
    }

    /// <summary>When a batch is due.</summary>
    internal static TimeSpan DueIn(long began, long sequence) =>
        TimeSpan.FromMilliseconds(sequence * InputShape.IntervalMs) - Stopwatch.GetElapsedTime(began);

    private static bool IsBreak(Exception broken) =>
        broken is RpcException or OperationCanceledException or InvalidOperationException or IOException;
}
