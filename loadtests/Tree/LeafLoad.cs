using System.Diagnostics;
using Monitoring.Protocol.V1;

namespace Monitoring.Tree;

/// <summary>Pushes points of random leaves over one stream. Messages are used again and again: the load shares its machine with the gateway.</summary>
internal sealed class LeafLoad
{
    private const int ValuesBelow = 100;

    private readonly LoadStream _stream;
    private readonly TreeShape _tree;
    private readonly Random _random;
    private readonly TimeProvider _clock;
    private readonly PushRequest _request = new() { Batch = new Batch() };

    public LeafLoad(LoadStream stream, TreeShape tree, int batchPoints, int seed, TimeProvider clock)
    {
        _stream = stream;
        _tree = tree;
        _random = new Random(seed);
        _clock = clock;
        for (var index = 0; index < batchPoints; index++)
        {
            _request.Batch.Points.Add(new Point());
        }
    }

    /// <summary>How far points lie back at most, in milliseconds; 0 for points of now.</summary>
    public long SpreadMs { get; init; }

    /// <summary>Everything sent so far.</summary>
    public Totals Sent { get; private set; }

    /// <summary>Sends one point of every leaf with its name, which binds the handles and creates the nodes.</summary>
    public async Task BindAsync(CancellationToken cancellationToken)
    {
        foreach (var leaves in Enumerable.Range(0, _tree.Leaves).Chunk(_request.Batch.Points.Count))
        {
            var batch = new Batch();
            var now = _clock.GetUtcNow().ToUnixTimeMilliseconds();
            foreach (var leaf in leaves)
            {
                batch.Points.Add(new Point
                {
                    Indicator = TreeShape.Indicator,
                    Path = TreeShape.LeafPath(leaf),
                    Handle = (uint)leaf + 1,
                    TimeUnixMs = now,
                    Value = 1,
                });
            }

            await _stream.RoomAsync(cancellationToken);
            await _stream.SendAsync(new PushRequest { Batch = batch }, Stopwatch.GetTimestamp(), cancellationToken);
            Sent += new Totals(leaves.Length, leaves.Length);
        }
    }

    /// <summary>Sends batches for a time.</summary>
    /// <param name="duration">When to stop.</param>
    /// <param name="interval">
    /// Time from one batch to the next, however slow the gateway is; null sends as soon as the window has room, and latency then
    /// counts from there.
    /// </param>
    /// <param name="cancellationToken">Stops at once.</param>
    public async Task RunAsync(TimeSpan duration, TimeSpan? interval, CancellationToken cancellationToken)
    {
        var began = Stopwatch.GetTimestamp();
        for (var number = 0L; ; number++)
        {
            var due = interval is { } step ? step * number : TimeSpan.Zero;
            var early = due - Stopwatch.GetElapsedTime(began);
            if (early > TimeSpan.Zero)
            {
                await Task.Delay(early, _clock, cancellationToken);
            }

            if (Stopwatch.GetElapsedTime(began) >= duration)
            {
                return;
            }

            await _stream.RoomAsync(cancellationToken);
            var scheduled = interval is null ? Stopwatch.GetTimestamp() : began + (long)(due.TotalSeconds * Stopwatch.Frequency);
            Fill();
            await _stream.SendAsync(_request, scheduled, cancellationToken);
        }
    }

    /// <summary>Sends a number of batches as fast as the window allows.</summary>
    public async Task SendAsync(int batches, CancellationToken cancellationToken)
    {
        for (var number = 0; number < batches; number++)
        {
            await _stream.RoomAsync(cancellationToken);
            Fill();
            await _stream.SendAsync(_request, Stopwatch.GetTimestamp(), cancellationToken);
        }
    }

    private void Fill()
    {
        var now = _clock.GetUtcNow().ToUnixTimeMilliseconds();
        var sum = 0L;
        var points = _request.Batch.Points;
        for (var index = 0; index < points.Count; index++)
        {
            var point = points[index];
            var value = _random.Next(ValuesBelow);
            point.Handle = (uint)_random.Next(_tree.Leaves) + 1;
            point.TimeUnixMs = SpreadMs == 0 ? now : now - _random.NextInt64(SpreadMs);
            point.Value = value;
            sum += value;
        }

        Sent += new Totals(points.Count, sum);
    }
}
