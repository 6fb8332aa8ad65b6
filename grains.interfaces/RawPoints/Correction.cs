using Monitoring.Indicators;

namespace Monitoring.RawPoints;

/// <summary>What is on record of one correction.</summary>
[GenerateSerializer, Immutable, Alias("monitoring.correction.v1")]
public sealed record Correction
{
    /// <summary>Most old values that are kept on record.</summary>
    public const int MaxOldValues = 100;

    /// <summary>The node.</summary>
    [Id(0)] public required NodeKey Key { get; init; }

    /// <summary>The journal entry of the node's partition that brought it.</summary>
    [Id(1)] public required long Entry { get; init; }

    /// <summary>Position among the points of the node in that entry.</summary>
    [Id(2)] public required int Position { get; init; }

    /// <summary>Event time of what was corrected, milliseconds since 1970-01-01T00:00:00Z.</summary>
    [Id(3)] public required long Time { get; init; }

    /// <summary>The value that counts from here on.</summary>
    [Id(4)] public required double Value { get; init; }

    /// <summary>
    /// The values that counted before, in the order in which they came, the first <see cref="MaxOldValues"/> of them; empty when there was
    /// none.
    /// </summary>
    [Id(5)] public required double[] OldValues { get; init; }

    /// <summary>Number of values that counted before.</summary>
    [Id(6)] public required int OldCount { get; init; }

    /// <summary>Who sent it.</summary>
    [Id(7)] public required string Source { get; init; }

    /// <summary>When it was journaled, milliseconds since 1970-01-01T00:00:00Z.</summary>
    [Id(8)] public required long RecordedAt { get; init; }

    /// <summary>Version of the dictionary in force.</summary>
    [Id(9)] public required long DictionaryVersion { get; init; }
}

/// <summary>Which corrections of one node: those behind a place, oldest first.</summary>
[GenerateSerializer, Immutable, Alias("monitoring.correction-query.v1")]
public sealed record CorrectionQuery
{
    /// <summary>The node.</summary>
    [Id(0)] public required NodeKey Key { get; init; }

    /// <summary>Earliest time of recording, milliseconds since 1970-01-01T00:00:00Z.</summary>
    [Id(1)] public required long Since { get; init; }

    /// <summary>Entry of the last correction that is known already; 0 for none.</summary>
    [Id(2)] public required long AfterEntry { get; init; }

    /// <summary>Position of that correction within its entry; -1 for none.</summary>
    [Id(3)] public required int AfterPosition { get; init; }

    /// <summary>Most corrections to return.</summary>
    [Id(4)] public required int Limit { get; init; }

    /// <summary>True for a correction that is wanted, the limit aside.</summary>
    public bool Matches(Correction correction) =>
        correction.Key.Equals(Key)
        && correction.RecordedAt >= Since
        && (correction.Entry > AfterEntry || (correction.Entry == AfterEntry && correction.Position > AfterPosition));
}
