using Monitoring.Indicators;

namespace Monitoring.Partitions;

/// <summary>What a round holds for one node alone, in columns of its own.</summary>
internal static class NodeStretch
{
    /// <summary>Copies the stretch of a node.</summary>
    public static NodeRound Of(NodeRound round, in NodeGroup group)
    {
        var parts = round.Parts.AsSpan(group.FirstPart, group.PartCount).ToArray();
        var (points, deltas) = (parts[0].PointStart, parts[0].DeltaStart);
        foreach (ref var part in parts.AsSpan())
        {
            part.PointStart -= points;
            part.DeltaStart -= deltas;
        }

        return round with
        {
            Parts = parts,
            Times = round.Times.AsSpan(points, group.PointCount).ToArray(),
            Values = round.Values.AsSpan(points, group.PointCount).ToArray(),
            Deltas = round.Deltas.AsSpan(deltas, group.DeltaCount).ToArray(),
            CorrectedBy = round.CorrectedBy?.AsSpan(points, group.PointCount).ToArray(),
        };
    }
}
