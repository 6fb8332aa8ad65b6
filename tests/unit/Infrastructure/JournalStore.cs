namespace Monitoring.Infrastructure;

/// <summary>A journal that fails or hangs when it is told to.</summary>
internal sealed class JournalStore : PartitionStoreStub
{
    public Exception? Failure { get; set; }

    public Task Hang { get; set; } = Task.CompletedTask;

    public int Attempts { get; private set; }

    public override async Task AppendAsync(
        int partition, long epoch, long sequence, ReadOnlyMemory<byte> payload, CancellationToken cancellationToken)
    {
        Attempts++;
        await Hang.WaitAsync(cancellationToken);
        if (Failure is not null)
        {
            throw Failure;
        }
    }
}
