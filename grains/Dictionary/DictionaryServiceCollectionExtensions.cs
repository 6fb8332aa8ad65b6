using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Monitoring.Dictionary;

/// <summary>Registers the dictionary.</summary>
public static class DictionaryServiceCollectionExtensions
{
    /// <summary>
    /// Adds what the dictionary grain needs besides the grain storage "definitions", a <see cref="TimeProvider"/> and the
    /// <see cref="Partitions.PartitionMap"/>.
    /// </summary>
    public static IServiceCollection AddDictionary(this IServiceCollection services)
    {
        services.AddSingleton<IValidateOptions<DictionaryOptions>, DictionaryOptionsValidator>();
        services.AddOptions<DictionaryOptions>().BindConfiguration(DictionaryOptions.SectionName).ValidateOnStart();
        services.AddSingleton<DictionaryVersions>();
        services.AddSingleton<DictionaryAnnouncer>();
        return services;
    }
}
