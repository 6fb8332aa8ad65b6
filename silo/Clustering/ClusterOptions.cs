using System.ComponentModel.DataAnnotations;
using System.Net;
using Microsoft.Extensions.Options;
using Monitoring.Storage;

namespace Monitoring.Clustering;

/// <summary>How silos and gateways find each other, and how soon a silo that died is missed.</summary>
public sealed class ClusterOptions
{
    public const string SectionName = "Cluster";

    /// <summary>
    /// PostgreSQL database in which silos enter themselves and gateways look them up; the same for all. Empty for a gateway that hosts its
    /// own silo. Default: empty.
    /// </summary>
    public string ConnectionString { get; set; } = string.Empty;

    /// <summary>Name of the cluster: silos and gateways of one database that bear the same belong together. Default: <c>monitoring</c>.</summary>
    [Required, MaxLength(100)]
    public string Id { get; set; } = "monitoring";

    /// <summary>Name under which definitions are stored; never changes, whatever becomes of the cluster. Default: <c>monitoring</c>.</summary>
    [Required, MaxLength(100)]
    public string ServiceId { get; set; } = "monitoring";

    /// <summary>
    /// IP address of this silo, at which the other silos and the gateways reach it. They speak without authentication, so it must not be
    /// reachable for others. Default: 127.0.0.1.
    /// </summary>
    [Required]
    public string Address { get; set; } = "127.0.0.1";

    /// <summary>Port for the other silos; 0 for any free one. Default: 11111.</summary>
    [Range(0, 65_535)]
    public int SiloPort { get; set; } = 11_111;

    /// <summary>Port for gateways; 0 for any free one. Default: 30000.</summary>
    [Range(0, 65_535)]
    public int GatewayPort { get; set; } = 30_000;

    /// <summary>
    /// How often silos probe each other, and how long an answer may take. Shorter misses a dead silo sooner, and more easily one that is
    /// only busy. Default: 1.5 s.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.2", "00:00:30")]
    public TimeSpan ProbeInterval { get; set; } = TimeSpan.FromSeconds(1.5);

    /// <summary>Probes without an answer after which a silo is suspected. Default: 3.</summary>
    [Range(1, 20)]
    public int MissedProbes { get; set; } = 3;

    /// <summary>Silos that must suspect another one to declare it dead; of two silos, one is enough. Default: 2.</summary>
    [Range(1, 10)]
    public int DeathVotes { get; set; } = 2;

    /// <summary>
    /// How often silos and gateways read the list of silos although nobody told them of a change. A silo that was declared dead while it
    /// hung ends itself when it reads that. Default: 5 s.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.5", "00:05:00")]
    public TimeSpan RefreshInterval { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// How long nothing that a silo had starts elsewhere, counted from its presumed death, so that one that was only slow ends itself first.
    /// What is stored is fenced, so two at once do no harm but a recovery more, and zero comes back soonest. Default: zero.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:05:00")]
    public TimeSpan DirectoryLease { get; set; } = TimeSpan.Zero;

    /// <summary>How long silos that left remain in the list. Default: 1 day.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "365.00:00:00")]
    public TimeSpan DefunctSiloAge { get; set; } = TimeSpan.FromDays(1);

    /// <summary>How long a gateway waits for an answer of the cluster. Default: 10 s.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan ResponseTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How often a gateway tries to reach a cluster that is away while it starts. Default: 1 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:01:00")]
    public TimeSpan ConnectInterval { get; set; } = TimeSpan.FromSeconds(1);
}

[OptionsValidator]
internal sealed partial class ClusterOptionsValidator : IValidateOptions<ClusterOptions>;

/// <summary>The rules of <see cref="ClusterOptions"/> that no attribute can state.</summary>
internal sealed class ClusterOptionsRules : IValidateOptions<ClusterOptions>
{
    public ValidateOptionsResult Validate(string? name, ClusterOptions options)
    {
        var mistakes = new List<string>();
        if (ConnectionStrings.FindMistake("Cluster:ConnectionString", options.ConnectionString) is { } mistake)
        {
            mistakes.Add(mistake);
        }

        if (!IPAddress.TryParse(options.Address, out var address) || IPAddress.Any.Equals(address) || IPAddress.IPv6Any.Equals(address))
        {
            mistakes.Add($"Cluster:Address is '{options.Address}', expected the IP address at which others reach this silo, such as 10.1.2.3");
        }

        if (options.SiloPort != 0 && options.SiloPort == options.GatewayPort)
        {
            mistakes.Add($"Cluster:SiloPort and Cluster:GatewayPort are both {options.SiloPort}, expected two ports");
        }

        return mistakes.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(mistakes);
    }
}
