using Grpc.Core;
using Microsoft.Extensions.Options;

namespace Monitoring.Gateway.Ingest;

/// <summary>The push streams open at this gateway: limits their number, and lets a source have one only. Thread-safe.</summary>
internal sealed class IngestStreams(IOptions<IngestOptions> options, IngestMetrics metrics)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, (long Epoch, StreamEnd End)> _bySource = new(StringComparer.Ordinal);
    private int _open;

    /// <summary>Takes a place for a stream; <see cref="Leave"/> gives it back.</summary>
    /// <exception cref="RpcException">RESOURCE_EXHAUSTED: there is none.</exception>
    public void Enter()
    {
        lock (_gate)
        {
            if (_open >= options.Value.MaxStreams)
            {
                throw new RpcException(new Status(
                    StatusCode.ResourceExhausted, $"{_open} push streams are open, which is all this gateway takes; use another gateway or try later"));
            }

            _open++;
        }

        metrics.OnStreamOpened();
    }

    /// <summary>Makes a stream the one of its source here and ends the one before, unless that is the newer of the two.</summary>
    public void TakeOver(string source, long epoch, StreamEnd end)
    {
        StreamEnd older;
        lock (_gate)
        {
            if (_bySource.TryGetValue(source, out var present) && present.Epoch > epoch)
            {
                older = end;
            }
            else
            {
                older = present.End;
                _bySource[source] = (epoch, end);
            }
        }

        older?.Fail(StatusCode.Aborted, IngestStream.TakenOver);
    }

    /// <summary>Gives a place back.</summary>
    /// <param name="source">Name of the source; empty when the stream never said it.</param>
    /// <param name="end">The stream's end, which tells it from a newer stream of the source.</param>
    public void Leave(string source, StreamEnd end)
    {
        lock (_gate)
        {
            _open--;
            if (_bySource.TryGetValue(source, out var present) && ReferenceEquals(present.End, end))
            {
                _bySource.Remove(source);
            }
        }

        metrics.OnStreamClosed();
    }
}
