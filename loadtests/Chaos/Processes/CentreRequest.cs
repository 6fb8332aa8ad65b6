namespace Monitoring.Chaos.Processes;

/// <summary>What a centre consists of.</summary>
/// <param name="Silos">Silo processes; 0 for one within each gateway.</param>
/// <param name="Gateways">Gateway processes.</param>
/// <param name="Storage"><c>sqlite</c> or <c>postgresql</c>.</param>
/// <param name="HasCuts">Whether silos can be cut off; otherwise all processes share the loopback address.</param>
/// <param name="Folder">Where data and logs go.</param>
internal sealed record CentreRequest(int Silos, int Gateways, string Storage, bool HasCuts, string Folder);
