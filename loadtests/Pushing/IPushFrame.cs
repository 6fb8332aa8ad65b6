namespace Monitoring.Pushing;

/// <summary>A request of a push stream in its protobuf encoding. Not for concurrent use.</summary>
internal interface IPushFrame
{
    /// <summary>Sequence of its batch.</summary>
    ulong Sequence { set; }

    /// <summary>Bytes that <see cref="Write"/> takes, with this sequence.</summary>
    int Length { get; }

    /// <summary>Writes it.</summary>
    /// <param name="target">Exactly <see cref="Length"/> bytes.</param>
    void Write(Span<byte> target);
}
