using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Monitoring.Dictionary;

/// <summary>Registers the dictionary.</summary>
public static class DictionaryServiceCollectionExtensions
{
    /// <summary>
    /// Adds what the dictionary grain needs besides a <see cref="TimeProvider"/>, the <see cref="Partitions.PartitionMap"/>, and the
    /// grain storage "definitions", which must use the Orleans serializer: the stored state is versioned by its ids, and JSON neither
    /// reads immutable arrays back nor stores a shared definition once.
    /// </summary>
    public static IServiceCollection AddDictionary(this IServiceCollection services)
    {
        services.AddSingleton<IValidateOptions<DictionaryOptions>, DictionaryOptionsValidator>();
        services.AddOptions<DictionaryOptions>().BindConfiguration(DictionaryOptions.SectionName).ValidateOnStart();
        services.AddSingleton<DictionaryVersions>();
        services.AddSingleton<DictionaryAnnouncer>();
        services.AddSingleton<HolidayFiles>();
        return services;
    }
}
