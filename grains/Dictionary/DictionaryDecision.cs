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
    public static DictionaryDecision Of(DictionaryChange change, DictionaryState state, DictionaryOptions options)
    {
        if (change.Yaml is null == change.Content is null)
        {
            throw new ArgumentException("A change has either YAML or content.", nameof(change));
        }

        var mistakes = new MistakeList(FileNameOf(change), options.MaxMistakes);
        var content = change.Content ?? DictionaryYaml.Read(change.Yaml!, options.MaxFileCharacters, mistakes);
        if (content is not null)
        {
            var broken = DictionaryRules.Check(content, options).ToList();
            mistakes.AddRange(broken);

            // What is wrong by itself need not be told that it may not change either.
            mistakes.AddRange(DictionaryEvolution.Check(state.Shapes, content, options.MaxUsedCodes)
                .ExceptBy(broken.Select(mistake => mistake.Field), mistake => mistake.Field));
        }

        if (content is null || !mistakes.IsEmpty)
        {
            return new DictionaryDecision(mistakes.ToImmutable(), null);
        }

        var canonical = DictionaryYamlWriter.Write(content);
        if (change.Yaml is null && canonical.Length > options.MaxFileCharacters)
        {
            mistakes.Add(
                MistakeList.WholeFile, $"as YAML the dictionary has {canonical.Length} characters, at most {options.MaxFileCharacters} are allowed");
            return new DictionaryDecision(mistakes.ToImmutable(), null);
        }

        var isSame = canonical == DictionaryYamlWriter.Write(ContentOf(state.InForce()));
        return new DictionaryDecision([], isSame ? null : state.With(content, change.Yaml ?? canonical, options));
    }

    private static DictionaryContent ContentOf(DictionarySnapshot snapshot) =>
        new() { Departments = snapshot.Departments, Calendars = snapshot.Calendars, Indicators = snapshot.Indicators };

    private static string FileNameOf(DictionaryChange change) => change.FileName.Length switch
    {
        0 => DefaultFileName,
        > MaxFileNameLength => change.FileName[..MaxFileNameLength],
        _ => change.FileName,
    };
}
