using System.Collections.Immutable;
using Orleans.Concurrency;

namespace Monitoring.Dictionary;

/// <summary>The dictionary: all definitions, versioned. One grain, with key 0.</summary>
[Alias("monitoring.dictionary")]
public interface IDictionaryGrain : IGrainWithIntegerKey
{
    /// <summary>Key of the one dictionary.</summary>
    const long Key = 0;

    /// <summary>
    /// Replaces the dictionary as a whole, or not at all when anything is wrong. Returns once it is durable and every partition that
    /// could be reached has adopted it; the others adopt it with the first message that was checked against it.
    /// </summary>
    [Alias("apply")]
    Task<ApplyResult> ApplyAsync(DictionaryChange change, CancellationToken cancellationToken = default);

    /// <summary>The dictionary in force.</summary>
    [Alias("get"), AlwaysInterleave]
    Task<DictionarySnapshot> GetAsync(CancellationToken cancellationToken = default);

    /// <summary>The dictionary in force when its version is greater than a known one; otherwise null.</summary>
    [Alias("get-newer"), AlwaysInterleave]
    Task<DictionarySnapshot?> GetNewerAsync(long knownVersion, CancellationToken cancellationToken = default);

    /// <summary>
    /// An earlier version, which a partition may still have to replay; 0 is the empty dictionary.
    /// </summary>
    /// <exception cref="DictionaryVersionGoneException">The version is no longer kept.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There was never such a version.</exception>
    [Alias("get-version"), AlwaysInterleave]
    Task<DictionarySnapshot> GetVersionAsync(long version, CancellationToken cancellationToken = default);
}

/// <summary>A version of the dictionary was asked for that is no longer kept.</summary>
/// <param name="version">The version asked for.</param>
/// <param name="oldestKept">The oldest one that is kept.</param>
[GenerateSerializer, Alias("monitoring.dictionary-version-gone")]
public sealed class DictionaryVersionGoneException(long version, long oldestKept) : Exception(
    $"Version {version} of the dictionary is no longer kept, the oldest is {oldestKept}: raise Dictionary:HistoryLength to keep more.")
{
    /// <summary>The oldest version that is kept.</summary>
    [Id(0)] public long OldestKept { get; private set; } = oldestKept;
}

/// <summary>A dictionary to apply: either as a file or as records.</summary>
[GenerateSerializer, Immutable, Alias("monitoring.dictionary-change.v1")]
public sealed record DictionaryChange
{
    /// <summary>Name used in mistakes.</summary>
    [Id(0)] public string FileName { get; init; } = "dictionary.yaml";

    /// <summary>The file's text; null when <see cref="Content"/> is given.</summary>
    [Id(1)] public string? Yaml { get; init; }

    /// <summary>The definitions; null when <see cref="Yaml"/> is given.</summary>
    [Id(2)] public DictionaryContent? Content { get; init; }

    /// <summary>Check only.</summary>
    [Id(3)] public bool DryRun { get; init; }
}

/// <summary>Definitions that came as records and have not been checked yet.</summary>
[GenerateSerializer, Immutable, Alias("monitoring.dictionary-content.v1")]
public sealed record DictionaryContent
{
    /// <summary>Departments.</summary>
    [Id(0)] public ImmutableArray<DepartmentDefinition> Departments { get; init; } = [];

    /// <summary>Indicators.</summary>
    [Id(1)] public ImmutableArray<IndicatorDefinition> Indicators { get; init; } = [];

    /// <summary>Calendars; indicators hold those that they name.</summary>
    [Id(2)] public ImmutableArray<CalendarDefinition> Calendars { get; init; } = [];

    /// <summary>Tables of holidays; the dictionary knows some more, see <c>docs/indicators.md</c>.</summary>
    [Id(3)] public ImmutableArray<HolidayTable> Holidays { get; init; } = [];
}

/// <summary>What became of a <see cref="DictionaryChange"/>.</summary>
[GenerateSerializer, Immutable, Alias("monitoring.apply-result.v1")]
public sealed record ApplyResult
{
    /// <summary>Version in force now.</summary>
    [Id(0)] public required long Version { get; init; }

    /// <summary>True when the change is in force; false for a dry run or after mistakes.</summary>
    [Id(1)] public required bool Applied { get; init; }

    /// <summary>Everything that is wrong; empty when the change is valid.</summary>
    [Id(2)] public required ImmutableArray<Mistake> Mistakes { get; init; }
}

/// <summary>One thing that is wrong in a dictionary.</summary>
[GenerateSerializer, Immutable, Alias("monitoring.mistake.v1")]
public sealed record Mistake
{
    /// <summary>Name of the file.</summary>
    [Id(0)] public required string File { get; init; }

    /// <summary>Line, from 1; 0 when the dictionary came as records.</summary>
    [Id(1)] public required int Line { get; init; }

    /// <summary>Column, from 1; 0 when the dictionary came as records.</summary>
    [Id(2)] public required int Column { get; init; }

    /// <summary>For example <c>indicators[2].rules[0].levels.warning.exit</c>.</summary>
    [Id(3)] public required string Field { get; init; }

    /// <summary>What is wrong, and what is allowed.</summary>
    [Id(4)] public required string Message { get; init; }

    /// <summary>For example <c>dictionary.yaml:12:7 indicators[2].unit: …</c>.</summary>
    public override string ToString() => Line > 0 ? $"{File}:{Line}:{Column} {Field}: {Message}" : $"{File} {Field}: {Message}";
}
