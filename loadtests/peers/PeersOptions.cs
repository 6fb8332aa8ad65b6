using System.Collections.Immutable;
using Monitoring.Tree;

namespace Monitoring.Peers;

/// <summary>What the comparison with peers does.</summary>
internal sealed record PeersOptions
{
    public const string Usage = """
        usage: loadtests peers [options]
          --leaves N             leaf nodes; parents of 100, departments of 10 parents, one root (default 10000)
          --batch N              points in a batch (default 1000)
          --seconds N            length of the load of each (default 35)
          --alerts N             alerts to measure of each, idle and once more under half of its load (default 100)
          --streams N            sources that push to Monitoring at the same time (default 1)
          --peers LIST           which to compare with (default prometheus,postgresql,victoriametrics)
        """;

    private static readonly ImmutableArray<string> _all = ["prometheus", "postgresql", "victoriametrics"];
    private static readonly TimeSpan _leastInterval = TimeSpan.FromMilliseconds(100);

    // Until an alert has come and gone again, rules that are evaluated every second may need three.
    private static readonly TimeSpan _lifeOfAlert = TimeSpan.FromSeconds(3);

    /// <summary>Leaf nodes.</summary>
    public required int Leaves { get; init; }

    /// <summary>Points in a batch.</summary>
    public required int Batch { get; init; }

    /// <summary>Length of the load of each.</summary>
    public required int Seconds { get; init; }

    /// <summary>Alerts to measure of each, without other load and under half of it.</summary>
    public required int Alerts { get; init; }

    /// <summary>Sources that push to Monitoring at the same time.</summary>
    public required int Streams { get; init; }

    /// <summary>Whom to compare with.</summary>
    public required ImmutableArray<string> Peers { get; init; }

    /// <summary>Time from one alert that is raised to the next: long enough that a parent without an alert is left.</summary>
    public TimeSpan AlertInterval => TimeSpan.FromTicks(Math.Max(_leastInterval.Ticks, (_lifeOfAlert / new TreeShape(Leaves).Parents).Ticks));

    /// <summary>Reads the options.</summary>
    /// <exception cref="UsageException">One is unknown or out of range.</exception>
    public static PeersOptions Parse(string[] arguments)
    {
        var line = new CommandLine(arguments, new HashSet<string>(StringComparer.Ordinal));
        var options = new PeersOptions
        {
            Leaves = line.Take("--leaves", 10_000, 100, 1_000_000),
            Batch = line.Take("--batch", 1_000, 1, 10_000),
            Seconds = line.Take("--seconds", 35, 1, 600),
            Alerts = line.Take("--alerts", 100, 1, 10_000),
            Streams = line.Take("--streams", 1, 1, 64),
            Peers = PeersOf(line.TakeText("--peers")),
        };
        line.Done();
        return options;
    }

    private static ImmutableArray<string> PeersOf(string list)
    {
        ImmutableArray<string> peers = list.Length == 0 ? _all : [.. list.Split(',')];
        foreach (var peer in peers)
        {
            if (!_all.Contains(peer))
            {
                throw new UsageException($"--peers has '{peer}', expected some of {string.Join(',', _all)}");
            }
        }

        return peers;
    }
}
