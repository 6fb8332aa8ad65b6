using System.Reflection;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using Monitoring.Dictionary;
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
        Assembly[] assemblies = [program, typeof(OptionNames).Assembly, typeof(PartitionOptions).Assembly];
        var known = assemblies.Distinct()
            .SelectMany(assembly => assembly.GetTypes())
            .Select(type => (Type: type, Section: SectionOf(type)))
            .Where(options => options.Section is not null)
            .SelectMany(options => options.Type.GetProperties().Select(property => (options.Section, property.Name)))
            .ToLookup(option => option.Section!, option => option.Name, StringComparer.OrdinalIgnoreCase);
        return
            from section in known
            from given in configuration.GetSection(section.Key).GetChildren()
            where !section.Contains(given.Key, StringComparer.OrdinalIgnoreCase)
            select $"{section.Key}:{given.Key}{NearestWord.Hint(given.Key, section)}";
    }

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
