namespace Monitoring.Storage;

/// <summary>A storage engine as its host sees it.</summary>
internal interface IStorageEngine
{
    /// <summary>Creates what is missing and checks what must not change; called once, before anything is read or written.</summary>
    /// <exception cref="StorageException">The storage cannot be used as it is.</exception>
    Task OpenAsync(int partitionCount, CancellationToken cancellationToken);
}
