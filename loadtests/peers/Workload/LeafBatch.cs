namespace Monitoring.Peers.Workload;

/// <summary>
/// A batch of random points, used again and again: the load shares its machine with the peer. Each connection has leaves of its own, so
/// that points of a leaf reach the peer in order.
/// </summary>
internal sealed class LeafBatch(int leaves, int points, int connection, int connections, Random random)
{
    private const int ValuesBelow = 100;

    // Of 7 leaves over 3 connections, connection 1 has leaves 1 and 4.
    private readonly int _own = ((leaves - connection - 1) / connections) + 1;
    private readonly int[] _leaves = new int[points];
    private readonly double[] _values = new double[points];

    /// <summary>Leaf of each point, ascending: peers are faster so.</summary>
    public ReadOnlyMemory<int> Leaves => _leaves;

    /// <summary>Value of each point.</summary>
    public ReadOnlyMemory<double> Values => _values;

    /// <summary>Draws new points.</summary>
    /// <returns>The sum of their values.</returns>
    public double Fill()
    {
        var sum = 0L;
        for (var index = 0; index < _leaves.Length; index++)
        {
            var value = random.Next(ValuesBelow);
            _leaves[index] = connection + (connections * random.Next(_own));
            _values[index] = value;
            sum += value;
        }

        Array.Sort(_leaves); // Values are random, so they may stay where they are.
        return sum;
    }
}
