using System.Collections.Immutable;
using System.Text.Json;

namespace Monitoring.Dictionary;

/// <summary>A valid file, and short ways to read files.</summary>
internal static class DictionaryFile
{
    public const string Valid = """
        departments:
          - id: noc
            name: { zh: 全国运行中心, en: National operations centre }
            subscriptions:
              - { indicator: "flights.*", path: "**", level: warning }
        indicators:
          - code: flights.delay
            name: { zh: 平均出发延误, en: Departure delay }
            description: Mean of all departures.
            unit: min
            statistic: average
            breakdown: [state, airport]
            resolution: 1m
            period: { rolling: 1h }
            owner: noc
            rules:
              - id: high
                name: { zh: 延误过高, en: Delay is high }
                path: "*"
                when: above
                min_points: 5
                levels:
                  warning: { enter: 20, exit: 15, for: 2m }
                  critical: { enter: 40, exit: 30 }

        """;

    public static DictionaryOptions Options { get; } = new();

    /// <summary>The content and the mistakes of a file that nothing was in force before.</summary>
    public static (DictionaryContent? Content, ImmutableArray<Mistake> Mistakes) Read(string yaml, DictionaryOptions? options = null)
    {
        options ??= Options;
        var mistakes = new MistakeList("test.yaml", options.MaxMistakes);
        var content = DictionaryYaml.Read(yaml, options.MaxFileCharacters, mistakes);
        if (content is not null)
        {
            content = HolidayResolution.Resolve(content, []);
            mistakes.AddRange(DictionaryRules.Check(content, options));
        }

        return (content, mistakes.ToImmutable());
    }

    /// <summary>The content of a file that must be valid.</summary>
    public static DictionaryContent ReadValid(string yaml)
    {
        var (content, mistakes) = Read(yaml);
        Assert.Empty(mistakes.Select(mistake => mistake.ToString()));
        return content!;
    }

    /// <summary>A text that is equal exactly when contents are equal in every field, computed without the project's writer.</summary>
    public static string Fingerprint(DictionaryContent content) => JsonSerializer.Serialize(content);
}
