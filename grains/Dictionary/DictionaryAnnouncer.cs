using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Monitoring.Partitions;

namespace Monitoring.Dictionary;

/// <summary>
/// Tells every partition of a new version. It only makes the switch quick: a partition that was not reached adopts the version with
/// the first message that was checked against it.
/// </summary>
internal sealed partial class DictionaryAnnouncer(
    IGrainFactory grains, PartitionMap map, IOptions<DictionaryOptions> options, TimeProvider clock, ILogger<DictionaryAnnouncer> logger)
{
    /// <summary>Returns once every partition has adopted the version, failed to, or taken too long.</summary>
    public Task AnnounceAsync(long version, CancellationToken cancellationToken)
    {
        var next = -1;
        return Task.WhenAll(Enumerable.Range(0, Math.Min(options.Value.TellParallelism, map.Count)).Select(_ => TellSomeAsync()));

        async Task TellSomeAsync()
        {
            for (var partition = Interlocked.Increment(ref next); partition < map.Count; partition = Interlocked.Increment(ref next))
            {
                await TellAsync(partition, version, cancellationToken);
            }
        }
    }

    private async Task TellAsync(int partition, long version, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(options.Value.TellTimeout, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            // The grain may not react to its token, so the wait ends on its own.
            await grains.GetGrain<IPartitionGrain>(partition).AdoptDictionaryAsync(version, either.Token).WaitAsync(either.Token);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw;
        }
        catch (Exception exception)
        {
            // Whatever went wrong there, the version is stored and in force.
            LogNotTold(exception, partition, version);
        }
    }
}
