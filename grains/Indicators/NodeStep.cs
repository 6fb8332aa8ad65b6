namespace Monitoring.Indicators;

/// <summary>What one journal entry holds for a node.</summary>
/// <param name="Input">What the node is told as a whole.</param>
/// <param name="Entry">Sequence of the entry.</param>
/// <param name="At">When it was journaled, milliseconds since 1970-01-01T00:00:00Z.</param>
/// <param name="Part">The entry's part of the columns.</param>
internal readonly record struct NodeStep(NodeInput Input, long Entry, long At, NodePart Part)
{
    /// <summary>What the indicator means.</summary>
    public Dictionary.IndicatorDefinition Definition => Input.Visit.Definition;

    /// <summary>Event times of the points.</summary>
    public ReadOnlySpan<long> Times => Input.Round.Times.AsSpan(Part.PointStart, Part.PointCount);

    /// <summary>Values of the points.</summary>
    public ReadOnlySpan<double> Values => Input.Round.Values.AsSpan(Part.PointStart, Part.PointCount);

    /// <summary>Contributions of children.</summary>
    public ReadOnlySpan<BucketDelta> Deltas => Input.Round.Deltas.AsSpan(Part.DeltaStart, Part.DeltaCount);

    /// <summary>The source that sent a point as a correction; null for an ordinary point.</summary>
    public string? CorrectedBy(int index) => Input.Round.CorrectedBy?[Part.PointStart + index];

    /// <summary>A step of an input.</summary>
    public static NodeStep Of(NodeInput input, int index)
    {
        var part = input.Round.Parts[input.FirstPart + index];
        var entry = input.Round.Entries[part.Entry];
        return new NodeStep(input, entry.Sequence, entry.At, part);
    }

    /// <summary>The last step of an input.</summary>
    public static NodeStep Last(NodeInput input) => Of(input, input.PartCount - 1);
}
