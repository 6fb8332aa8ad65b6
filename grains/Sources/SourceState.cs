namespace Monitoring.Sources;

/// <summary>What is stored of a source.</summary>
[GenerateSerializer, Immutable, Alias("monitoring.source-state.v1")]
internal sealed record SourceState
{
    /// <summary>Number of the newest stream; 0 before the first.</summary>
    [Id(0)] public long Epoch { get; init; }

    /// <summary>Every batch up to this one is durable; may lag, never leads.</summary>
    [Id(1)] public long AcknowledgedSequence { get; init; }
}
