using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Monitoring.Sources;
using Orleans.Storage;
using Orleans.TestingHost;

namespace Monitoring.Departments;

/// <summary>Two silos that host departments and sources, with storage that tests can make fail.</summary>
public sealed class DepartmentCluster : IAsyncLifetime
{
    private readonly InProcessTestCluster _cluster;

    public DepartmentCluster()
    {
        var builder = new InProcessTestClusterBuilder(2);
        builder.ConfigureSilo((_, silo) =>
        {
            silo.Services.TryAddSingleton(TimeProvider.System);
            silo.Services.AddSingleton<IAlertLogStore>(Store);
            silo.Services.AddKeyedSingleton<IGrainStorage>("definitions", Definitions);
            silo.Services.AddDepartments().Configure<DepartmentOptions>(options => options.TailLength = TailLength);
            silo.Services.AddSources().Configure<SourceOptions>(options => options.AcknowledgedWriteInterval = TimeSpan.FromMilliseconds(100));
        });
        _cluster = builder.Build();
    }

    /// <summary>Entries that departments here keep in memory.</summary>
    public const int TailLength = 4;

    public IClusterClient Client => _cluster.Client;

    internal InMemoryAlertLogStore Store { get; } = new();

    internal FailingGrainStorage Definitions { get; } = new();

    public async ValueTask InitializeAsync() => await _cluster.DeployAsync();

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();

    public Task DeactivateAsync(IAddressable grain) => _cluster.DeactivateAsync(grain);
}
