using Monitoring.Chaos.Input;
using Monitoring.Protocol.V1;

namespace Monitoring.Chaos.Producers;

/// <summary>Writes batches of one stream: a node goes by its name once, and by a handle from then on.</summary>
internal sealed class BatchWriter(int leaves)
{
    private const string UnknownIndicator = "chaos.unknown";
    private const string BelowTheLeaves = "/too/deep";
    private readonly bool[] _isBound = new bool[2 * leaves];

    /// <summary>Writes a batch.</summary>
    public Batch Write(long sequence, IReadOnlyList<InputPoint> points)
    {
        var batch = new Batch { Sequence = (ulong)sequence };
        foreach (var point in points)
        {
            batch.Points.Add(ToWire(point));
        }

        return batch;
    }

    private Point ToWire(InputPoint point)
    {
        var wire = new Point { TimeUnixMs = point.Time, Value = point.Hundredths / 100.0, Correction = point.IsCorrection };
        if (point.Flaw != Flaw.None)
        {
            wire.Indicator = point.Flaw == Flaw.UnknownIndicator ? UnknownIndicator : ChaosDictionary.CodeOf(point.Indicator);
            wire.Path = ChaosTree.PathOf(ChaosTree.Depth, point.Leaf) + (point.Flaw == Flaw.InvalidPath ? BelowTheLeaves : string.Empty);
            wire.Value = point.Flaw == Flaw.InvalidValue ? double.NaN : wire.Value;
            wire.TimeUnixMs = point.Flaw == Flaw.InvalidTime ? 0 : wire.TimeUnixMs;
            return wire;
        }

        var slot = ((int)point.Indicator * leaves) + point.Leaf;
        wire.Handle = (uint)slot + 1;
        if (!_isBound[slot])
        {
            _isBound[slot] = true;
            wire.Indicator = ChaosDictionary.CodeOf(point.Indicator);
            wire.Path = ChaosTree.PathOf(ChaosTree.Depth, point.Leaf);
        }

        return wire;
    }
}
