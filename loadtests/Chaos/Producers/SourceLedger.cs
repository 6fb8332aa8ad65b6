using System.Diagnostics;

namespace Monitoring.Chaos.Producers;

/// <summary>An acknowledgement as it came.</summary>
/// <param name="At">Timestamp of its arrival.</param>
/// <param name="Sequence">Last batch it covers.</param>
internal readonly record struct AckArrival(long At, long Sequence);

/// <summary>What one source was told about its batches. Written by one task, counters may be read by others.</summary>
internal sealed class SourceLedger(int source, long batches)
{
    private readonly List<AckArrival> _arrivals = [];
    private readonly List<string> _complaints = [];
    private long _acknowledged;
    private long _sent;

    /// <summary>Number of the source.</summary>
    public int Source => source;

    /// <summary>Batches it has to send.</summary>
    public long Batches => batches;

    /// <summary>Every batch up to this one is durable.</summary>
    public long Acknowledged => Volatile.Read(ref _acknowledged);

    /// <summary>Greatest sequence ever sent.</summary>
    public long Sent => Volatile.Read(ref _sent);

    /// <summary>Points that acknowledgements called accepted.</summary>
    public long Accepted { get; private set; }

    /// <summary>Points that acknowledgements called duplicates.</summary>
    public long Duplicates { get; private set; }

    /// <summary>Points that were rejected, again whenever they were sent again.</summary>
    public long Rejected { get; private set; }

    /// <summary>Points that acknowledgements do not account for, or account for twice.</summary>
    public long Unaccounted { get; private set; }

    /// <summary>Streams that were opened.</summary>
    public int Streams { get; private set; }

    /// <summary>When acknowledgements came that covered more than before.</summary>
    public IReadOnlyList<AckArrival> Arrivals => _arrivals;

    /// <summary>What the centre said that it must not say; for a person.</summary>
    public IReadOnlyList<string> Complaints => _complaints;

    /// <summary>A stream was opened and welcome.</summary>
    public void OnWelcome(long acknowledged, long highest)
    {
        Streams++;
        if (acknowledged > Sent || highest > Sent || highest < acknowledged)
        {
            Complain($"welcome says {acknowledged} and {highest}, sent was up to {Sent}");
        }
        else
        {
            Advance(acknowledged);
        }
    }

    /// <summary>A batch is about to be sent.</summary>
    public void OnSending(long sequence) => Volatile.Write(ref _sent, Math.Max(_sent, sequence));

    /// <summary>An acknowledgement came.</summary>
    /// <param name="sequence">Last batch it covers.</param>
    /// <param name="accepted">Points it calls accepted.</param>
    /// <param name="duplicates">Points it calls duplicates.</param>
    /// <param name="rejected">Points it rejects.</param>
    /// <param name="points">Points of the batches it covers.</param>
    /// <param name="flaws">Points of them that must be rejected.</param>
    public void OnAck(long sequence, long accepted, long duplicates, long rejected, long points, long flaws)
    {
        Accepted += accepted;
        Duplicates += duplicates;
        Rejected += rejected;
        if (accepted + duplicates + rejected != points || rejected != flaws)
        {
            Unaccounted += Math.Max(Math.Abs(points - accepted - duplicates - rejected), Math.Abs(rejected - flaws));
            Complain(
                $"the acknowledgement of {sequence} has {accepted} accepted, {duplicates} duplicates, {rejected} rejected "
                + $"of {points} points, {flaws} with flaws");
        }

        Advance(sequence);
    }

    /// <summary>The centre said what it must not say.</summary>
    public void Complain(string what)
    {
        if (_complaints.Count < 20)
        {
            _complaints.Add(what);
        }
    }

    private void Advance(long sequence)
    {
        if (sequence > _acknowledged)
        {
            Volatile.Write(ref _acknowledged, sequence);
            _arrivals.Add(new AckArrival(Stopwatch.GetTimestamp(), sequence));
        }
    }
}
