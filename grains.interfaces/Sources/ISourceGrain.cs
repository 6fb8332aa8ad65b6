namespace Monitoring.Sources;

/// <summary>One upstream producer; the key is its name. Knows which stream of it is the present one and what was acknowledged.</summary>
[Alias("monitoring.source")]
public interface ISourceGrain : IGrainWithStringKey
{
    /// <summary>Opens a stream; every earlier one is over from now on.</summary>
    [Alias("open")]
    Task<SourceStream> OpenAsync(CancellationToken cancellationToken = default);

    /// <summary>Records what a stream acknowledged, so that the next one need not resend it.</summary>
    /// <returns>False when a newer stream took over, so that this one must end.</returns>
    [Alias("record-acknowledged")]
    Task<bool> RecordAcknowledgedAsync(long epoch, long sequence, CancellationToken cancellationToken = default);
}

/// <summary>An opened stream of a source.</summary>
[GenerateSerializer, Immutable, Alias("monitoring.source-stream.v1")]
public readonly record struct SourceStream
{
    /// <summary>Greater than that of every earlier stream.</summary>
    [Id(0)] public required long Epoch { get; init; }

    /// <summary>Every batch up to this one is durable; may lag, never leads.</summary>
    [Id(1)] public required long AcknowledgedSequence { get; init; }
}
