using System.Collections.Concurrent;
using Monitoring.Partitions;

namespace Monitoring.ClusterTests.Storage;

/// <summary>
/// An activation that believes it is the only one: claims a partition as it loaded it, appends and takes checkpoints until it is refused.
/// A checkpoint's header holds all payloads it covers, so that what was durable can be told from what is stored.
/// </summary>
internal sealed class RacingActivation(IPartitionStore store, int partition, int seed, ConcurrentDictionary<long, byte> acknowledged)
{
    private readonly Random _random = new(seed);

    /// <summary>Claims once and goes on until it is refused or has made its appends; returns how many were acknowledged.</summary>
    public async Task<int> RunAsync(int appends, CancellationToken cancellationToken)
    {
        var made = 0;
        try
        {
            var image = await store.LoadAsync(partition, cancellationToken);
            var covered = Covered(image);
            AssertWhole(image, covered);
            var epoch = covered.Count + 1L;
            await store.ClaimAsync(partition, epoch, image.Entry, new[] { Next(covered, epoch) }, cancellationToken);
            Acknowledge(epoch, covered[^1]);
            for (var sequence = epoch + 1; made < appends; sequence++, made++)
            {
                await store.AppendAsync(partition, epoch, sequence, new[] { Next(covered, sequence) }, cancellationToken);
                Acknowledge(sequence, covered[^1]);
                if (_random.Next(4) == 0)
                {
                    await store.WriteCheckpointAsync(new PartitionCheckpoint(partition, epoch, sequence, [.. covered], []), cancellationToken);
                }
            }
        }
        catch (PartitionTakenOverException)
        {
            // Another one was faster.
        }

        return made;
    }

    /// <summary>All entries that storage knows, by sequence from 1.</summary>
    public static List<byte> Covered(PartitionImage image) => [.. image.Header ?? [], .. image.Journal.Select(entry => entry.Payload[0])];

    private byte Next(List<byte> covered, long sequence)
    {
        Assert.Equal(covered.Count + 1, sequence);
        covered.Add((byte)_random.Next(256));
        return covered[^1];
    }

    private void Acknowledge(long sequence, byte payload) => Assert.True(acknowledged.TryAdd(sequence, payload), $"Entry {sequence} was acknowledged twice.");

    private static void AssertWhole(PartitionImage image, List<byte> covered)
    {
        Assert.Equal(image.Entry, image.Header?.Length ?? 0);
        Assert.Equal(Enumerable.Range((int)image.Entry + 1, image.Journal.Count), image.Journal.Select(entry => (int)entry.Sequence));
        Assert.Equal(image.Entry + image.Journal.Count, covered.Count);
    }
}
