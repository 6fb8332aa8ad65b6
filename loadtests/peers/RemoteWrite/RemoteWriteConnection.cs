using System.Net;
using System.Net.Http.Headers;
using Monitoring.Peers.Workload;

namespace Monitoring.Peers.RemoteWrite;

/// <summary>Sends points by remote write, one request at a time.</summary>
internal sealed class RemoteWriteConnection(Uri address, TreeSeries series, TimeProvider clock) : IBatchConnection
{
    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(20);
    private readonly HttpClient _http = new() { BaseAddress = address };
    private readonly RemoteWriteBatch _batch = new();

    /// <inheritdoc/>
    public async Task SendAsync(ReadOnlyMemory<int> leaves, ReadOnlyMemory<double> values, CancellationToken cancellationToken)
    {
        _batch.Clear();
        series.Write(_batch, leaves.Span, values.Span, clock.GetUtcNow().ToUnixTimeMilliseconds());
        var block = _batch.ToBlock();
        while (!await TryAsync(block, cancellationToken))
        {
            await Task.Delay(_pause, clock, cancellationToken);
        }
    }

    /// <summary>Sends a block; false when it must be sent again, because the receiver has no room for it now.</summary>
    private async Task<bool> TryAsync(ReadOnlyMemory<byte> block, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "api/v1/write") { Content = new ReadOnlyMemoryContent(block) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/x-protobuf");
        request.Content.Headers.ContentEncoding.Add("snappy");
        request.Headers.Add("X-Prometheus-Remote-Write-Version", "0.1.0");
        using var response = await _http.SendAsync(request, cancellationToken);
        if (response.StatusCode is HttpStatusCode.ServiceUnavailable or HttpStatusCode.TooManyRequests)
        {
            return false;
        }

        if (!response.IsSuccessStatusCode)
        {
            var reason = await response.Content.ReadAsStringAsync(cancellationToken);
            throw new InvalidOperationException($"Remote write was refused with {(int)response.StatusCode}: {reason}");
        }

        return true;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _http.Dispose();
        return ValueTask.CompletedTask;
    }
}
