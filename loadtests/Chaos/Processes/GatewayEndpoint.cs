using Monitoring.Chaos.Network;

namespace Monitoring.Chaos.Processes;

/// <summary>Where a gateway takes gRPC.</summary>
/// <param name="Address">Its address.</param>
/// <param name="Place">How it is reached.</param>
internal sealed record GatewayEndpoint(Uri Address, Place Place);
