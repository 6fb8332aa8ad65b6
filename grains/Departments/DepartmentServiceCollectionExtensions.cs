using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Monitoring.Departments;

/// <summary>Registers departments.</summary>
public static class DepartmentServiceCollectionExtensions
{
    /// <summary>Adds what department actors need beside an <see cref="IAlertLogStore"/> and a <see cref="TimeProvider"/>.</summary>
    public static IServiceCollection AddDepartments(this IServiceCollection services)
    {
        services.AddSingleton<IValidateOptions<DepartmentOptions>, DepartmentOptionsValidator>();
        services.AddOptions<DepartmentOptions>().BindConfiguration(DepartmentOptions.SectionName).ValidateOnStart();
        services.AddSingleton<DepartmentMetrics>();
        return services;
    }
}
