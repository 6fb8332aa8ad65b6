using System.ComponentModel;
using System.Globalization;
using System.Net;

namespace Monitoring.Chaos.Network;

/// <summary>
/// A network of the run's own, from which nothing else is reachable: each process of the centre in a network namespace, and a router in
/// another that joins them. A cut is a rule of the router, by which packets vanish silently in both directions, as on a broken line.
/// </summary>
internal sealed class CutNetwork : IAsyncDisposable
{
    private const string Priority = "100";

    private readonly NamespaceGuard _guard;
    private readonly NamespaceSockets _sockets;
    private readonly Dictionary<string, IPAddress> _addresses = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<string[]>> _cuts = new(StringComparer.Ordinal);

    private CutNetwork(NamespaceGuard guard)
    {
        _guard = guard;
        _sockets = new NamespaceSockets(FileOf(Router));
    }

    private string Router => NameOf("router");

    /// <summary>Makes a network with nobody in it.</summary>
    /// <exception cref="UsageException">This system, or this user, cannot.</exception>
    public static async Task<CutNetwork> CreateAsync()
    {
        if (!OperatingSystem.IsLinux() || !Environment.IsPrivilegedProcess)
        {
            throw new UsageException("--cuts makes network namespaces, which takes Linux and root: run as root, or leave --cuts out");
        }

        CutNetwork? network = null;
        try
        {
            network = new CutNetwork(await NamespaceGuard.StartAsync());
            await IpCommand.RunAsync("netns", "add", network.Router);
            await IpCommand.RunAsync("-n", network.Router, "link", "set", "lo", "up");
            await IpCommand.RunWithinAsync(FileOf(network.Router), "echo 1 >/proc/sys/net/ipv4/ip_forward");
            return network;
        }
        catch (Exception refused) when (refused is InvalidOperationException or Win32Exception)
        {
            if (network is not null)
            {
                await network.DisposeAsync();
            }

            throw new UsageException(
                $"--cuts makes network namespaces, with ip (of iproute2) and nsenter (of util-linux): {refused.Message}; "
                + "a container needs the capabilities SYS_ADMIN and NET_ADMIN, or leave --cuts out");
        }
    }

    /// <summary>Adds the place of a process, with an address of its own.</summary>
    /// <param name="name">Name of the process, at most 15 characters.</param>
    public async Task<Place> AddAsync(string name)
    {
        var number = _addresses.Count + 1;
        var (router, address) = (AddressOf(number, 1), AddressOf(number, 2));
        var place = NameOf(name);
        await IpCommand.RunAsync("netns", "add", place);
        await IpCommand.RunAsync("-n", place, "link", "set", "lo", "up");
        await IpCommand.RunAsync("-n", Router, "link", "add", name, "type", "veth", "peer", "name", "eth0", "netns", place);
        await IpCommand.RunAsync("-n", Router, "addr", "add", $"{router}/30", "dev", name);
        await IpCommand.RunAsync("-n", Router, "link", "set", name, "up");
        await IpCommand.RunAsync("-n", place, "addr", "add", $"{address}/30", "dev", "eth0");
        await IpCommand.RunAsync("-n", place, "link", "set", "eth0", "up");
        await IpCommand.RunAsync("-n", place, "route", "add", "default", "via", router.ToString());
        _addresses.Add(name, address);
        return new Place(address, ["nsenter", $"--net={FileOf(place)}"], _sockets.ConnectAsync);
    }

    /// <summary>Cuts a process from some others.</summary>
    public async Task CutAsync(string name, IEnumerable<string> others)
    {
        var address = _addresses[name].ToString();
        foreach (var other in others.Select(other => _addresses[other].ToString()))
        {
            await AddRuleAsync(name, "from", address, "to", other);
            await AddRuleAsync(name, "from", other, "to", address);
        }
    }

    /// <summary>Cuts a process from all others, and from this program.</summary>
    public async Task IsolateAsync(string name)
    {
        await AddRuleAsync(name, "from", _addresses[name].ToString());
        await AddRuleAsync(name, "to", _addresses[name].ToString());
    }

    /// <summary>Ends whatever cut a process off.</summary>
    public async Task HealAsync(string name)
    {
        if (_cuts.Remove(name, out var rules))
        {
            foreach (var rule in rules)
            {
                await IpCommand.RunAsync(["-n", Router, "rule", "del", .. rule]);
            }
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _guard.DisposeAsync();

    private async Task AddRuleAsync(string name, params string[] selector)
    {
        string[] rule = ["priority", Priority, .. selector, "blackhole"];
        await IpCommand.RunAsync(["-n", Router, "rule", "add", .. rule]);
        if (!_cuts.TryGetValue(name, out var rules))
        {
            _cuts.Add(name, rules = []);
        }

        rules.Add(rule);
    }

    private string NameOf(string name) => _guard.Prefix + name;

    private static string FileOf(string name) => Path.Combine(NamespaceGuard.Folder, name);

    private static IPAddress AddressOf(int number, int host) =>
        IPAddress.Parse(string.Create(CultureInfo.InvariantCulture, $"10.0.{number}.{host}"));
}
