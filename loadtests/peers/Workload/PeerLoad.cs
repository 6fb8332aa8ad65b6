using System.Diagnostics;
using Monitoring.Tree;

namespace Monitoring.Peers.Workload;

/// <summary>Pushes points of random leaves to a peer.</summary>
internal sealed class PeerLoad(IPeer peer, TreeShape tree, int batchPoints, TimeProvider clock)
{
    private int _seed;

    /// <summary>Everything acknowledged so far.</summary>
    public Totals Sent { get; private set; }

    /// <summary>Sends one point of every leaf.</summary>
    public async Task BindAsync(CancellationToken cancellationToken)
    {
        await using var connection = await peer.ConnectAsync(cancellationToken);
        foreach (var leaves in Enumerable.Range(0, tree.Leaves).Chunk(batchPoints))
        {
            var values = new double[leaves.Length];
            Array.Fill(values, 1);
            await connection.SendAsync(leaves, values, cancellationToken);
            Sent += new Totals(leaves.Length, leaves.Length);
        }
    }

    /// <summary>Sends batches until it is told to stop.</summary>
    /// <param name="connections">Connections that send at the same time.</param>
    /// <param name="pointsPerSecond">Points that are due in a second, however slow the peer is; null sends as fast as it acknowledges.</param>
    /// <param name="until">Ends the load after the batches under way.</param>
    /// <param name="cancellationToken">Stops at once.</param>
    public async Task<LoadResult> RunAsync(
        int connections, double? pointsPerSecond, CancellationToken until, CancellationToken cancellationToken)
    {
        var opened = new IBatchConnection[connections];
        try
        {
            for (var number = 0; number < connections; number++)
            {
                opened[number] = await peer.ConnectAsync(cancellationToken);
            }

            TimeSpan? interval = pointsPerSecond is { } rate ? TimeSpan.FromSeconds(batchPoints * connections / rate) : null;
            var began = Stopwatch.GetTimestamp();
            var sent = await Task.WhenAll(opened.Select((connection, number) => Task.Run(
                () => SendAsync(connection, BatchOf(number, connections), interval, until, cancellationToken), cancellationToken)));
            var elapsed = Stopwatch.GetElapsedTime(began);
            var sum = sent.Aggregate((left, right) => left + right);
            Sent += sum;
            return new LoadResult(sum.Count, began, elapsed);
        }
        finally
        {
            foreach (var connection in opened)
            {
                if (connection is not null)
                {
                    await connection.DisposeAsync();
                }
            }
        }
    }

    private LeafBatch BatchOf(int connection, int connections) =>
        new(tree.Leaves, batchPoints, connection, connections, new Random(Interlocked.Increment(ref _seed)));

    private async Task<Totals> SendAsync(
        IBatchConnection connection, LeafBatch batch, TimeSpan? interval, CancellationToken until, CancellationToken cancellationToken)
    {
        var sent = default(Totals);
        var began = Stopwatch.GetTimestamp();
        for (var number = 0L; !until.IsCancellationRequested; number++)
        {
            var early = interval is { } step ? (step * number) - Stopwatch.GetElapsedTime(began) : TimeSpan.Zero;
            if (early > TimeSpan.Zero)
            {
                await Task.Delay(early, clock, cancellationToken);
            }

            var sum = batch.Fill();
            await connection.SendAsync(batch.Leaves, batch.Values, cancellationToken);
            sent += new Totals(batchPoints, sum);
        }

        return sent;
    }
}

/// <summary>What a load did.</summary>
/// <param name="Points">Points acknowledged.</param>
/// <param name="Began">Timestamp of the first batch.</param>
/// <param name="Elapsed">Time until the last acknowledgement.</param>
internal readonly record struct LoadResult(long Points, long Began, TimeSpan Elapsed)
{
    public double PointsPerSecond => Points / Elapsed.TotalSeconds;
}
