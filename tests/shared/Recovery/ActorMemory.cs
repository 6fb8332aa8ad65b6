using Microsoft.Extensions.DependencyInjection;
using Monitoring.Departments;
using Monitoring.Indicators;
using Monitoring.Partitions;
using Orleans.Serialization;

namespace Monitoring.Recovery;

/// <summary>What nodes and departments of a simulated cluster hold in memory, until a test takes it away.</summary>
internal sealed class ActorMemory(SimulatedCluster cluster)
{
    private readonly Dictionary<string, NodeMemory> _nodes = new(StringComparer.Ordinal);
    private readonly Dictionary<string, AlertLogWriter> _writers = new(StringComparer.Ordinal);

    /// <summary>Serializers of what is stored.</summary>
    public static IServiceProvider Serializers { get; } = new ServiceCollection()
        .AddSerializer(builder => builder.AddAssembly(typeof(PartitionHeader).Assembly).AddAssembly(typeof(AlertLogEntry).Assembly))
        .BuildServiceProvider();

    public NodeMemory Of(string node)
    {
        if (!_nodes.TryGetValue(node, out var memory))
        {
            _nodes[node] = memory = new NodeMemory(NodeKey.Parse(node), Serializers.GetRequiredService<Serializer<NodeRecord>>(), chunkPoints: 5);
        }

        return memory;
    }

    /// <summary>A node's actor is gone, its partition does not know.</summary>
    public void LoseNode()
    {
        if (_nodes.Count > 0)
        {
            _nodes.Remove(_nodes.Keys.ElementAt(cluster.Random.Next(_nodes.Count)));
        }
    }

    /// <summary>The actors of all nodes of a partition are gone.</summary>
    public void LoseNodesOf(int partition)
    {
        foreach (var node in _nodes.Keys.Where(node => cluster.Map.PartitionOf(NodeKey.Parse(node)) == partition).ToList())
        {
            _nodes.Remove(node);
        }
    }

    public async Task<AlertLogWriter> WriterAsync(string department)
    {
        if (_writers.TryGetValue(department, out var known))
        {
            return known;
        }

        var writer = default(AlertLogWriter);
        writer = new AlertLogWriter(
            department, cluster.Alerts, Serializers.GetRequiredService<Serializer<AlertLogEntry>>(), new DepartmentOptions(), cluster.Clock,
            new DepartmentMetrics())
        {
            Appended = _ => { },
            TakenOver = _ => LoseDepartment(department),
        };
        await writer.LoadAsync(CancellationToken.None);
        await cluster.PauseAsync();
        return _writers[department] = writer;
    }

    /// <summary>A department's actor is gone, perhaps while it appends.</summary>
    public void LoseDepartment(string department) => _writers.Remove(department);

    /// <summary>The actors of all departments are gone.</summary>
    public void LoseDepartments() => _writers.Clear();
}
