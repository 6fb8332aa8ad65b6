using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.IO.Pipelines;
using System.Net;
using Grpc.Core;
using Monitoring.Protocol.V1;

namespace Monitoring.Pushing;

/// <summary>
/// <c>Ingest.Push</c> over a connection of its own. Written here because the client library writes every message to the socket by itself:
/// with small batches the load generator would need more of the machine than the program that it measures. One task writes, one reads.
/// </summary>
internal sealed class PushWire : IAsyncDisposable
{
    private const int FlushBytes = 64 * 1024;
    private const int PrefixBytes = 5; // Compressed or not, and the length of the message.

    private readonly HttpClient _http;
    private readonly PushContent _content;
    private readonly Task<HttpResponseMessage> _response;
    private readonly CancellationTokenSource _ending;
    private byte[] _unsent = new byte[2 * FlushBytes];
    private int _unsentBytes;
    private PipeReader? _reader;

    private PushWire(Uri gateway, CancellationToken cancellationToken)
    {
        _ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _http = new HttpClient { BaseAddress = gateway, Timeout = Timeout.InfiniteTimeSpan };
        _content = new PushContent();
        var request = new HttpRequestMessage(HttpMethod.Post, "/monitoring.v1.Ingest/Push")
        {
            Content = _content,
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Headers = { { "te", "trailers" } },
        };
        _response = _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, _ending.Token);
    }

    /// <summary>Connects.</summary>
    /// <param name="gateway">Its gRPC address.</param>
    /// <param name="cancellationToken">Ends the stream.</param>
    public static PushWire Open(Uri gateway, CancellationToken cancellationToken) => new(gateway, cancellationToken);

    /// <summary>Adds a request to what is sent with the next flush.</summary>
    /// <returns>True when there is enough for one.</returns>
    public bool Append(IPushFrame frame)
    {
        var length = frame.Length;
        var end = _unsentBytes + PrefixBytes + length;
        if (end > _unsent.Length)
        {
            Array.Resize(ref _unsent, Math.Max(end, 2 * _unsent.Length));
        }

        var target = _unsent.AsSpan(_unsentBytes, PrefixBytes + length);
        target[0] = 0;
        BinaryPrimitives.WriteInt32BigEndian(target[1..], length);
        frame.Write(target[PrefixBytes..]);
        _unsentBytes = end;
        return _unsentBytes >= FlushBytes;
    }

    /// <summary>Sends what was appended; returns when it may be forgotten.</summary>
    /// <exception cref="RpcException">The gateway ended the stream.</exception>
    public async ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        if (_unsentBytes == 0)
        {
            return;
        }

        if (await Task.WhenAny(_content.Stream, _response) == _response && !_content.Stream.IsCompleted)
        {
            await _response; // There is no connection, and this says why.
        }

        var stream = await _content.Stream;
        await stream.WriteAsync(_unsent.AsMemory(0, _unsentBytes), cancellationToken);
        _unsentBytes = 0;
        await stream.FlushAsync(cancellationToken);
    }

    /// <summary>The next response; null when the gateway ended the stream in good order.</summary>
    /// <exception cref="RpcException">It ended it otherwise.</exception>
    public async ValueTask<PushResponse?> ReadAsync(CancellationToken cancellationToken)
    {
        _reader ??= PipeReader.Create(await (await _response).Content.ReadAsStreamAsync(cancellationToken));
        var length = 0;
        while (true)
        {
            var result = await _reader.ReadAtLeastAsync(PrefixBytes + length, cancellationToken);
            var buffer = result.Buffer;
            if (buffer.Length < PrefixBytes + length)
            {
                ThrowUnlessGood(await _response);
                return null;
            }

            length = LengthOf(buffer);
            if (buffer.Length >= PrefixBytes + length)
            {
                var message = buffer.Slice(PrefixBytes, length);
                var response = PushResponse.Parser.ParseFrom(message);
                _reader.AdvanceTo(message.End);
                return response;
            }

            _reader.AdvanceTo(buffer.Start, buffer.End);
        }
    }

    /// <summary>Tells the gateway that nothing more comes.</summary>
    public void Complete() => _content.Complete();

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        _content.Complete();
        _http.Dispose();
        _ending.Dispose();
    }

    private static int LengthOf(ReadOnlySequence<byte> buffer)
    {
        Span<byte> prefix = stackalloc byte[PrefixBytes];
        buffer.Slice(0, PrefixBytes).CopyTo(prefix);
        return BinaryPrimitives.ReadInt32BigEndian(prefix[1..]);
    }

    private static void ThrowUnlessGood(HttpResponseMessage response)
    {
        var status = Find("grpc-status");
        if (!int.TryParse(status, NumberStyles.None, CultureInfo.InvariantCulture, out var code) || code != (int)StatusCode.OK)
        {
            var reason = Uri.UnescapeDataString(Find("grpc-message") ?? $"HTTP {response.StatusCode}");
            throw new RpcException(new Status(status is null ? StatusCode.Unknown : (StatusCode)code, reason));
        }

        string? Find(string name) =>
            response.TrailingHeaders.TryGetValues(name, out var values) || response.Headers.TryGetValues(name, out values)
                ? values.FirstOrDefault()
                : null;
    }
}
