using Monitoring.Dictionary;
using Monitoring.Indicators;
using Wire = Monitoring.Protocol.V1;

namespace Monitoring.Gateway.Ingest;

/// <summary>
/// A node that points of a stream name, with the verdict of one version of the dictionary on it. Kept, so that the next points of
/// the node cost one look-up.
/// </summary>
internal sealed class BoundNode(NodeKey key, int partition)
{
    private long _checkedVersion = -1;

    /// <summary>The node.</summary>
    public NodeKey Key { get; } = key;

    /// <summary>Number of its partition.</summary>
    public int Partition { get; } = partition;

    /// <summary>Why the node takes no points; unspecified when it does.</summary>
    public Wire.RejectionReason Reason { get; private set; }

    /// <summary>What is wrong and how to mend it; empty when nothing is.</summary>
    public string Message { get; private set; } = string.Empty;

    /// <summary>Makes sure that the verdict is that of a version of the dictionary.</summary>
    public void Check(DictionarySnapshot dictionary)
    {
        if (_checkedVersion == dictionary.Version)
        {
            return;
        }

        _checkedVersion = dictionary.Version;
        if (dictionary.Find(Key.Code) is not { } definition)
        {
            Reason = Wire.RejectionReason.UnknownIndicator;
            Message = Rejections.UnknownIndicator(Key.Code);
        }
        else if (NodeKey.PathMistake(Key.Path, definition.Breakdown.Length) is { } mistake)
        {
            Reason = Wire.RejectionReason.InvalidPath;
            Message = $"{mistake}; the breakdown of '{Key.Code}' is '{string.Join('/', definition.Breakdown)}'";
        }
        else
        {
            Reason = Wire.RejectionReason.Unspecified;
            Message = string.Empty;
        }
    }
}
