using System.Reflection;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using Monitoring.Dictionary;
using Monitoring.History;
using Monitoring.Partitions;

namespace Monitoring.Hosting;

/// <summary>Options by the names that the configuration has for them. Their classes tell their section by a constant of this name.</summary>
public static class OptionNames
{
    private const string SectionField = "SectionName";

    /// <summary>What is wrong with options: each with its key and the value it was given.</summary>
    public static IEnumerable<string> Describe(OptionsValidationException invalid, IConfiguration configuration)
    {
        var section = SectionOf(invalid.OptionsType);
        return invalid.Failures.Select(failure => section is null ? failure : Describe(failure, section, configuration));
    }

    /// <summary>Keys in sections of ours that no option has, each with a guess which one was meant.</summary>
    /// <param name="configuration">Everything that was configured.</param>
    /// <param name="program">The program, which has options beside those of the actors and their host.</param>
    public static IEnumerable<string> FindUnknown(IConfiguration configuration, Assembly program)
    {
        Assembly[] assemblies = [program, typeof(OptionNames).Assembly, typeof(PartitionOptions).Assembly, typeof(HistoryOptions).Assembly];
        return assemblies.Distinct()
            .SelectMany(assembly => assembly.GetTypes())
            .Where(type => SectionOf(type) is not null)
            .GroupBy(type => SectionOf(type)!, StringComparer.OrdinalIgnoreCase)
            .SelectMany(section => FindUnknown(configuration.GetSection(section.Key), [.. section]));
    }

    private static IEnumerable<string> FindUnknown(IConfigurationSection section, Type[] types)
    {
        var known = types.SelectMany(type => type.GetProperties()).ToLookup(property => property.Name, StringComparer.OrdinalIgnoreCase);
        foreach (var given in section.GetChildren())
        {
            if (!known.Contains(given.Key))
            {
                var nearest = NearestWord.Find(given.Key, known.Select(option => option.Key));
                yield return nearest is null ? given.Path : $"{given.Path}; did you mean '{section.Path}:{nearest}'?";
            }
            else if (EntryOf(known[given.Key].First().PropertyType) is { } entry)
            {
                foreach (var unknown in given.GetChildren().SelectMany(named => FindUnknown(named, [entry])))
                {
                    yield return unknown;
                }
            }
        }
    }

    /// <summary>What an option holds that has entries by name, each with options of its own; null for any other.</summary>
    private static Type? EntryOf(Type option) =>
        option.IsGenericType && option.GetGenericTypeDefinition() == typeof(Dictionary<,>) && option.GetGenericArguments()[1] is { IsClass: true } entry
            && entry != typeof(string)
                ? entry
                : null;

    /// <summary>Attributes report "WebPort: The field GatewayOptions.WebPort must be between 0 and 65535."</summary>
    private static string Describe(string failure, string section, IConfiguration configuration)
    {
        var end = failure.IndexOf(": The ", StringComparison.Ordinal);
        var rule = failure.IndexOf(" must ", StringComparison.Ordinal);
        if (end < 0)
        {
            return failure;
        }

        var key = $"{section}:{failure[..end]}";
        return rule < end ? $"{key} is missing" : $"{key} is '{configuration[key]}', but it{failure[rule..].TrimEnd('.')}";
    }

    private static string? SectionOf(Type options) =>
        options.GetField(SectionField, BindingFlags.Public | BindingFlags.Static) is { IsLiteral: true } field ? field.GetRawConstantValue() as string : null;
}
