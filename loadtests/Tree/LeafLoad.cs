using System.Diagnostics;
using Monitoring.Protocol.V1;
using Monitoring.Pushing;

namespace Monitoring.Tree;

/// <summary>Pushes the points of a pool over one stream.</summary>
/// <param name="stream">The stream.</param>
/// <param name="tree">Names of the leaves.</param>
/// <param name="pool">What is sent.</param>
/// <param name="first">Which batch of the pool is the first.</param>
/// <param name="clock">Gives points their time.</param>
internal sealed class LeafLoad(LoadStream stream, TreeShape tree, PointPool pool, int first, TimeProvider clock)
{
    private readonly PreparedFrame _frame = new();
    private long _next = first;

    /// <summary>Everything sent so far.</summary>
    public Totals Sent { get; private set; }

    /// <summary>The stream.</summary>
    public LoadStream Stream => stream;

    /// <summary>Sends one point of every leaf with its name, which binds the handles and creates the nodes.</summary>
    public async Task BindAsync(CancellationToken cancellationToken)
    {
        foreach (var leaves in Enumerable.Range(0, tree.Leaves).Chunk(stream.MaxBatchPoints))
        {
            var batch = new Batch();
            var now = clock.GetUtcNow().ToUnixTimeMilliseconds();
            foreach (var leaf in leaves)
            {
                batch.Points.Add(new Point
                {
                    Indicator = TreeShape.Indicator,
                    Path = tree.LeafPath(leaf),
                    Handle = (uint)leaf + 1,
                    TimeUnixMs = now,
                    Value = 1,
                });
            }

            await stream.RoomAsync(cancellationToken);
            await stream.SendAsync(new MessageFrame(new PushRequest { Batch = batch }), Stopwatch.GetTimestamp(), cancellationToken);
            Sent += new Totals(leaves.Length, leaves.Length);
        }
    }

    /// <summary>Sends batches for a time as soon as the window has room; latency counts from there.</summary>
    public async Task RunAsync(TimeSpan duration, CancellationToken cancellationToken)
    {
        var began = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(began) < duration)
        {
            await stream.RoomAsync(cancellationToken);
            Fill();
            await stream.SendSoonAsync(_frame, Stopwatch.GetTimestamp(), cancellationToken);
        }
    }

    /// <summary>Sends batches at fixed times however slow the gateway is, until it is told to stop; latency counts from when each was due.</summary>
    /// <param name="interval">From one batch to the next.</param>
    /// <param name="offset">From now to the first.</param>
    /// <param name="stop">Ends it between two batches.</param>
    /// <param name="cancellationToken">Stops at once.</param>
    public async Task RunPacedAsync(TimeSpan interval, TimeSpan offset, CancellationToken stop, CancellationToken cancellationToken)
    {
        var began = Stopwatch.GetTimestamp();
        for (var due = offset; ; due += interval)
        {
            var early = due - Stopwatch.GetElapsedTime(began);
            if (early > TimeSpan.Zero)
            {
                await stream.FlushAsync(cancellationToken);
                await Task.Delay(early, clock, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }

            if (stop.IsCancellationRequested)
            {
                await stream.FlushAsync(cancellationToken);
                return;
            }

            await stream.RoomAsync(cancellationToken);
            Fill();
            await stream.SendSoonAsync(_frame, began + (long)(due.TotalSeconds * Stopwatch.Frequency), cancellationToken);
        }
    }

    /// <summary>Sends a number of batches as fast as the window allows.</summary>
    public async Task SendAsync(int batches, CancellationToken cancellationToken)
    {
        for (var number = 0; number < batches; number++)
        {
            await stream.RoomAsync(cancellationToken);
            Fill();
            await stream.SendSoonAsync(_frame, Stopwatch.GetTimestamp(), cancellationToken);
        }
    }

    /// <summary>Sends one point of every leaf, whose handles are bound, with a time that lies back; returns when all is on its way.</summary>
    public async Task SweepAsync(TimeSpan lag, CancellationToken cancellationToken)
    {
        foreach (var leaves in Enumerable.Range(0, tree.Leaves).Chunk(stream.MaxBatchPoints))
        {
            var points = new PreparedPoints([.. leaves.Select(leaf => ((uint)leaf + 1, 1))], lagsMs: null);
            await stream.RoomAsync(cancellationToken);
            _frame.Fill(points, (clock.GetUtcNow() - lag).ToUnixTimeMilliseconds());
            Sent += points.Totals;
            await stream.SendSoonAsync(_frame, Stopwatch.GetTimestamp(), cancellationToken);
        }
    }

    private void Fill()
    {
        var points = pool[_next++];
        _frame.Fill(points, clock.GetUtcNow().ToUnixTimeMilliseconds());
        Sent += points.Totals;
    }
}
