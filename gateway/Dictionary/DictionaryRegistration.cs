using Microsoft.Extensions.Options;

namespace Monitoring.Gateway.Dictionary;

internal static class DictionaryRegistration
{
    /// <summary>Adds the gateway's copy of the dictionary.</summary>
    public static IServiceCollection AddDictionary(this IServiceCollection services)
    {
        services.AddSingleton<IValidateOptions<DictionaryCacheOptions>, DictionaryCacheOptionsValidator>();
        services.AddOptions<DictionaryCacheOptions>().BindConfiguration(DictionaryCacheOptions.SectionName).ValidateOnStart();
        services.AddSingleton<DictionaryCache>();
        services.AddHostedService(provider => provider.GetRequiredService<DictionaryCache>());
        return services;
    }
}
