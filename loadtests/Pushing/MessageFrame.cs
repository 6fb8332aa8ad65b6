using Google.Protobuf;
using Monitoring.Protocol.V1;

namespace Monitoring.Pushing;

/// <summary>A request that protobuf encodes.</summary>
internal sealed class MessageFrame(PushRequest request) : IPushFrame
{
    /// <inheritdoc/>
    public ulong Sequence
    {
        set => request.Batch.Sequence = value;
    }

    /// <inheritdoc/>
    public int Length => request.CalculateSize();

    /// <inheritdoc/>
    public void Write(Span<byte> target) => request.WriteTo(target);
}
