using Microsoft.Extensions.Hosting;
using Monitoring.Partitions;
using Monitoring.Storage;

namespace Monitoring.Hosting;

/// <summary>Opens the storage before anything else starts, so that a silo without it never comes up.</summary>
internal sealed class StorageStarter(IStorageEngine storage, PartitionMap map) : IHostedLifecycleService
{
    public Task StartingAsync(CancellationToken cancellationToken) => storage.OpenAsync(map.Count, cancellationToken);

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
