using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Monitoring.History;
using Monitoring.Indicators;
using Monitoring.LatePoints;
using Monitoring.Placement;
using Monitoring.RawPoints;
using Orleans.Configuration;

namespace Monitoring.Partitions;

/// <summary>Registers what partitions need but their storage.</summary>
public static class PartitionServiceCollectionExtensions
{
    /// <summary>Adds partitions; <see cref="IPartitionStore"/>, <see cref="ILateStore"/>, <see cref="IHistoryStore"/> and the dictionary are added elsewhere.</summary>
    public static IServiceCollection AddPartitions(this IServiceCollection services)
    {
        services.AddPartitionMap();
        services.AddSingleton<IValidateOptions<HistoryOptions>, HistoryOptionsValidator>();
        services.AddOptions<HistoryOptions>().BindConfiguration(HistoryOptions.SectionName).ValidateOnStart();
        services.AddSingleton<IValidateOptions<RawPointOptions>, RawPointOptionsValidator>();
        services.AddOptions<RawPointOptions>().BindConfiguration(RawPointOptions.SectionName).ValidateOnStart();
        services.AddSingleton(new PartitionMetrics(Prometheus.Metrics.DefaultFactory));
        services.AddSingleton<PartitionHealth>();
        services.AddSingleton<LocalPartitions>();
        services.AddSingleton<PartitionServices>();
        services.AddSingleton<PartitionActivationFactory>();
        services.AddSingleton<PlacementMetrics>();
        services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>, PartitionHandover>();
        services.AddOptions<GrainCollectionOptions>().Configure<IOptions<PartitionOptions>>(KeepNodes);
        services.AddHostedService<PartitionMover>();
        services.AddHostedService<PartitionStarter>();
        return services;
    }

    private static void KeepNodes(GrainCollectionOptions collection, IOptions<PartitionOptions> options) =>
        collection.ClassSpecificCollectionAge[typeof(IndicatorGrain).FullName!] = options.Value.NodeIdleTime;

    /// <summary>Adds what tells the partition of a node.</summary>
    public static IServiceCollection AddPartitionMap(this IServiceCollection services)
    {
        services.AddSingleton<IValidateOptions<PartitionOptions>, PartitionOptionsValidator>();
        services.AddOptions<PartitionOptions>().BindConfiguration(PartitionOptions.SectionName).ValidateOnStart();
        return services.AddSingleton(provider => new PartitionMap(provider.GetRequiredService<IOptions<PartitionOptions>>().Value.Count));
    }
}
