namespace Monitoring.Nodes;

/// <summary>What the nodes scenario found.</summary>
internal sealed record NodesReport
{
    public string Scenario { get; } = "nodes";

    /// <summary>Leaves.</summary>
    public required int Leaves { get; init; }

    /// <summary>Leaves and all nodes above them.</summary>
    public required int Nodes { get; init; }

    public required string Storage { get; init; }

    public required string Processes { get; init; }

    /// <summary>Growth of the resident set for each node, garbage collected, with buckets of three periods, in bytes.</summary>
    public required double RssBytesPerNode { get; init; }

    /// <summary>Growth of the managed heap likewise.</summary>
    public required double HeapBytesPerNode { get; init; }

    /// <summary>Resident set with all nodes, in bytes.</summary>
    public required long RssBytes { get; init; }

    /// <summary>New nodes made and rolled up in a second.</summary>
    public required double CreatedPerSecond { get; init; }

    /// <summary>Time for the start of the processes with everything stored, in seconds.</summary>
    public required double RestartSeconds { get; init; }

    /// <summary>Stored nodes brought back into memory in a second, each by a point that names it, until the root held all of them.</summary>
    public required double ActivatedPerSecond { get; init; }

    /// <summary>CPU time of the centre for that and for each node, in microseconds.</summary>
    public required double ActivationCpuUs { get; init; }

    /// <summary>Storage for each node after a last checkpoint, in bytes.</summary>
    public required double DiskBytesPerNode { get; init; }

    /// <summary>Managed memory of an actor that does nothing, in bytes.</summary>
    public required double EmptyBytes { get; init; }

    /// <summary>Such actors activated in a second.</summary>
    public required double EmptyActivatedPerSecond { get; init; }

    /// <summary>True when the root held exactly what was sent, before and after, and every node was in memory.</summary>
    public required bool Correct { get; init; }
}
