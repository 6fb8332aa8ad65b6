using System.Collections.Immutable;

namespace Monitoring.Dictionary;

/// <summary>What is to become of a change. Pure.</summary>
/// <param name="Mistakes">Everything that is wrong; empty when the change is valid.</param>
/// <param name="Next">The state to store; null after mistakes, and when the change changes nothing.</param>
internal sealed record DictionaryDecision(ImmutableArray<Mistake> Mistakes, DictionaryState? Next)
{
    private const string DefaultFileName = "dictionary.yaml";
    private const int MaxFileNameLength = 255;

    /// <summary>Reads and checks a change against the state in force.</summary>
    /// <exception cref="ArgumentException">The change has neither a file nor records, or both.</exception>
    /// <param name="change">The change.</param>
    /// <param name="state">The state in force.</param>
    /// <param name="shipped">Tables of holidays that need not be in the file.</param>
    /// <param name="options">Limits.</param>
    public static DictionaryDecision Of(
        DictionaryChange change, DictionaryState state, HolidayTables shipped, DictionaryOptions options)
    {
        if (change.Yaml is null == change.Content is null)
        {
            throw new ArgumentException("A change has either YAML or content.", nameof(change));
        }

        var mistakes = new MistakeList(FileNameOf(change), options.MaxMistakes);
        var ofTables = ImmutableArray<Mistake>.Empty;
        var content = change.Content ?? DictionaryYaml.Read(change.Yaml!, options.MaxFileCharacters, mistakes);
        if (content is not null)
        {
            content = HolidayResolution.Resolve(content, shipped.Tables);
            var unknown = HolidayResolution.UnknownTables(content, shipped.Tables).ToList();
            var broken = DictionaryRules.Check(content, options).Concat(unknown).ToList();
            mistakes.AddRange(broken);
            ofTables = unknown.Count > 0 ? shipped.Mistakes : [];

            // What is wrong by itself need not be told that it may not change either.
            mistakes.AddRange(DictionaryEvolution.Check(state.Shapes, content, options.MaxUsedCodes)
                .ExceptBy(broken.Select(mistake => mistake.Field), mistake => mistake.Field));
        }

        if (content is null || !mistakes.IsEmpty)
        {
            return new DictionaryDecision(mistakes.ToImmutable().AddRange(ofTables), null);
        }

        var canonical = DictionaryYamlWriter.Write(content);
        if (change.Yaml is null && canonical.Length > options.MaxFileCharacters)
        {
            mistakes.Add(
                MistakeList.WholeFile, $"as YAML the dictionary has {canonical.Length} characters, at most {options.MaxFileCharacters} are allowed");
            return new DictionaryDecision(mistakes.ToImmutable(), null);
        }

        var inForce = ContentOf(state.InForce());
        var isSame = Whole(canonical, content.Calendars) == Whole(DictionaryYamlWriter.Write(inForce), inForce.Calendars);
        return new DictionaryDecision([], isSame ? null : state.With(content, change.Yaml ?? canonical, options));
    }

    // Holidays that the file only names may have changed where they are kept.
    private static string Whole(string canonical, ImmutableArray<CalendarDefinition> calendars) =>
        canonical + string.Concat(calendars.Select(DictionaryYamlWriter.WriteWhole));

    private static DictionaryContent ContentOf(DictionarySnapshot snapshot) =>
        new() { Departments = snapshot.Departments, Calendars = snapshot.Calendars, Holidays = snapshot.Holidays, Indicators = snapshot.Indicators };

    private static string FileNameOf(DictionaryChange change) => change.FileName.Length switch
    {
        0 => DefaultFileName,
        > MaxFileNameLength => change.FileName[..MaxFileNameLength],
        _ => change.FileName,
    };
}
