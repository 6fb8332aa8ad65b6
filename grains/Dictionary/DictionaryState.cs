using System.Collections.Immutable;

namespace Monitoring.Dictionary;

/// <summary>What the dictionary grain stores. Immutable: the grain swaps it as a whole once the next one is stored.</summary>
[GenerateSerializer, Immutable, Alias("monitoring.dictionary-state.v1")]
internal sealed record DictionaryState
{
    /// <summary>The dictionary in force; null before the first one.</summary>
    [Id(0)] public DictionarySnapshot? Current { get; init; }

    /// <summary>Earlier versions, oldest first; at most <see cref="DictionaryOptions.HistoryLength"/>.</summary>
    [Id(1)] public ImmutableArray<DictionarySnapshot> Earlier { get; init; } = [];

    /// <summary>Every code that was ever in force, with its shape; at most <see cref="DictionaryOptions.MaxUsedCodes"/>.</summary>
    [Id(2)] public ImmutableDictionary<string, UsedShape> Shapes { get; init; } = ImmutableDictionary<string, UsedShape>.Empty;

    /// <summary>The dictionary in force; the empty one before the first.</summary>
    public DictionarySnapshot InForce() => Current ?? DictionarySnapshot.Empty;

    /// <summary>Version of the oldest one that is still kept; the empty dictionary, 0, always is besides.</summary>
    public long OldestKept => Earlier is [var oldest, ..] ? oldest.Version : InForce().Version;

    /// <summary>A version; null when it was never reached or is no longer kept.</summary>
    public DictionarySnapshot? Find(long version)
    {
        if (version == 0)
        {
            return DictionarySnapshot.Empty;
        }

        foreach (var earlier in Earlier)
        {
            if (earlier.Version == version)
            {
                return earlier;
            }
        }

        return version == InForce().Version ? InForce() : null;
    }

    /// <summary>The state once a new content is in force.</summary>
    public DictionaryState With(DictionaryContent content, string yaml, DictionaryOptions options)
    {
        var current = InForce();
        return new DictionaryState
        {
            Current = new DictionarySnapshot
            {
                Version = current.Version + 1,
                Indicators = Reuse(current.Indicators, content.Indicators, indicator => indicator.Code, WriteWithCalendar),
                Calendars = Reuse(current.Calendars, content.Calendars, calendar => calendar.Id, DictionaryYamlWriter.WriteWhole),
                Holidays = Reuse(current.Holidays, content.Holidays, table => table.Id, DictionaryYamlWriter.Write),
                Departments = Reuse(current.Departments, content.Departments, department => department.Id, DictionaryYamlWriter.Write),
                Yaml = yaml,
            },
            Earlier = Current is null ? [] : Prune(Earlier.Add(Current), options),
            Shapes = DictionaryEvolution.Remember(Shapes, content),
        };
    }

    /// <summary>Drops the oldest versions, and the text of those that would make the stored state too large.</summary>
    private static ImmutableArray<DictionarySnapshot> Prune(ImmutableArray<DictionarySnapshot> earlier, DictionaryOptions options)
    {
        var kept = earlier.RemoveRange(0, Math.Max(0, earlier.Length - options.HistoryLength)).ToBuilder();
        var characters = 0L;
        for (var index = kept.Count - 1; index >= 0; index--)
        {
            characters += kept[index].Yaml.Length;
            if (characters > options.HistoryYamlCharacters)
            {
                kept[index] = WithoutYaml(kept[index]);
            }
        }

        return kept.ToImmutable();
    }

    private static DictionarySnapshot WithoutYaml(DictionarySnapshot snapshot) => snapshot.Yaml.Length == 0
        ? snapshot
        : new DictionarySnapshot
        {
            Version = snapshot.Version,
            Indicators = snapshot.Indicators,
            Departments = snapshot.Departments,
            Calendars = snapshot.Calendars,
            Holidays = snapshot.Holidays,
        };

    /// <summary>All that an indicator holds; its own text only names the calendar.</summary>
    private static string WriteWithCalendar(IndicatorDefinition indicator) =>
        DictionaryYamlWriter.Write(indicator) + (indicator.Calendar is { } calendar ? DictionaryYamlWriter.WriteWhole(calendar) : string.Empty);

    /// <summary>
    /// The new definitions, by the very objects of the old ones where nothing changed: the serializer stores an object once, so a
    /// history of small changes stays small.
    /// </summary>
    private static ImmutableArray<T> Reuse<T>(ImmutableArray<T> before, ImmutableArray<T> after, Func<T, string> keyOf, Func<T, string> write)
        where T : class
    {
        var known = before.ToDictionary(keyOf);
        return [.. after.Select(item => known.TryGetValue(keyOf(item), out var same) && write(same) == write(item) ? same : item)];
    }
}
