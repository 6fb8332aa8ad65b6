namespace Monitoring.Chaos.Producers;

/// <summary>How often a source sends batches again that were acknowledged already.</summary>
/// <param name="Percent">Share of batches that are sent twice on purpose; 0 for none.</param>
internal readonly record struct ResendHabit(int Percent)
{
    private const int BatchesAgain = 10;

    /// <summary>Batches that a new stream sends again.</summary>
    public int Back => Percent == 0 ? 0 : BatchesAgain;

    /// <summary>Batches after which a stream is given up for no reason but this one.</summary>
    public long StreamLength => Percent == 0 ? long.MaxValue : BatchesAgain * 100L / Percent;
}
