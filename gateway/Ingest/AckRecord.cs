using Grpc.Core;
using Monitoring.Sources;

namespace Monitoring.Gateway.Ingest;

/// <summary>
/// Records now and then what a stream acknowledged. Lazily, because a write for each acknowledgement would cost more than it saves: a
/// source resends at most what one interval acknowledged.
/// </summary>
internal sealed class AckRecord(IngestServices services, string source, long epoch)
{
    private readonly ISourceGrain _source = services.Grains.GetGrain<ISourceGrain>(source);
    private long _acknowledged;
    private long _recorded;

    /// <summary>Every batch up to this one was acknowledged.</summary>
    public void OnAcknowledged(long sequence) => Volatile.Write(ref _acknowledged, sequence);

    /// <summary>Records until the stream is over, and ends it when the source has a newer one.</summary>
    public async Task RunAsync(StreamEnd end)
    {
        using var timer = new PeriodicTimer(services.Options.RecordInterval, services.Clock);
        try
        {
            while (await timer.WaitForNextTickAsync(end.Token))
            {
                if (!await TryRecordAsync(end.Token))
                {
                    end.Fail(StatusCode.Aborted, IngestStream.TakenOver);
                }
            }
        }
        catch (OperationCanceledException) when (end.Token.IsCancellationRequested)
        {
            // The stream is over.
        }
    }

    /// <summary>Records what is left once the stream is over.</summary>
    public async Task CompleteAsync() => await TryRecordAsync(CancellationToken.None);

    private async Task<bool> TryRecordAsync(CancellationToken cancellationToken)
    {
        var acknowledged = Volatile.Read(ref _acknowledged);
        if (acknowledged <= _recorded)
        {
            return true;
        }

        try
        {
            var isPresent = await _source.RecordAcknowledgedAsync(epoch, acknowledged, CancellationToken.None)
                .WaitAsync(services.Options.DrainTimeout, services.Clock, cancellationToken);
            _recorded = acknowledged;
            return isPresent;
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            // The record may lag; the next round tries again.
            services.LogNotRecorded(source, acknowledged, exception);
            return true;
        }
    }
}
