namespace Monitoring.Recovery;

/// <summary>The one silo that simulated partitions are in.</summary>
internal sealed class SimulatedSilo : ILocalSiloDetails
{
    public string Name => "simulated";

    public string ClusterId => "simulated";

    public string DnsHostName => "localhost";

    public SiloAddress SiloAddress => SiloAddress.Zero;

    public SiloAddress GatewayAddress => SiloAddress.Zero;
}
