using System.Collections.Immutable;
using Microsoft.Extensions.Options;

namespace Monitoring.Dictionary;

/// <summary>The tables of holidays that stand beside the program, one YAML file for each. Users replace them, and add theirs.</summary>
/// <param name="options">Where they are.</param>
internal sealed class HolidayFiles(IOptions<DictionaryOptions> options)
{
    /// <summary>Reads all of them. One with a mistake is left out, so that nobody computes with half of it.</summary>
    public HolidayTables Read()
    {
        var folder = Path.Combine(AppContext.BaseDirectory, options.Value.HolidayFolder);
        if (!Directory.Exists(folder))
        {
            return HolidayTables.None;
        }

        var tables = ImmutableArray.CreateBuilder<HolidayTable>();
        var mistakes = ImmutableArray.CreateBuilder<Mistake>();
        var ids = new HashSet<string>();
        foreach (var file in Directory.EnumerateFiles(folder, "*.yaml").Order(StringComparer.Ordinal))
        {
            var found = new MistakeList(Path.GetFileName(file), options.Value.MaxMistakes);
            if (TryRead(file, found) is { } table)
            {
                found.AddRange(DictionaryRules.CheckCode("id", table.Id, ids).Concat(HolidayRules.Check(string.Empty, table, options.Value)));
                if (found.IsEmpty)
                {
                    tables.Add(table);
                }
            }

            mistakes.AddRange(found.ToImmutable());
        }

        return new HolidayTables(tables.ToImmutable(), mistakes.ToImmutable());
    }

    private HolidayTable? TryRead(string file, MistakeList found)
    {
        try
        {
            return DictionaryYaml.ReadHolidays(File.ReadAllText(file), options.Value.MaxFileCharacters, found);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            found.Add(MistakeList.WholeFile, $"cannot be read: {failure.Message}");
            return null;
        }
    }
}
