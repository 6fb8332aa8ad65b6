using System.Collections.Immutable;

namespace Monitoring.Chaos.Processes;

/// <summary>What a centre consists of.</summary>
/// <param name="Silos">Silo processes; 0 for one within each gateway.</param>
/// <param name="Gateways">Gateway processes.</param>
/// <param name="Storage"><c>sqlite</c> or <c>postgresql</c>.</param>
/// <param name="HasCuts">Whether silos can be cut off; otherwise all processes share the loopback address.</param>
/// <param name="Folder">Where data and logs go.</param>
internal sealed record CentreRequest(int Silos, int Gateways, string Storage, bool HasCuts, string Folder)
{
    /// <summary>An empty PostgreSQL database; empty for a server that is started and thrown away.</summary>
    public string ConnectionString { get; init; } = string.Empty;

    /// <summary>Further configuration of every silo and gateway.</summary>
    public ImmutableArray<string> Arguments { get; init; } = [];
}
