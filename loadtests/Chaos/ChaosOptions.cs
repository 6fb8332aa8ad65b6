namespace Monitoring.Chaos;

/// <summary>What the chaos scenario does.</summary>
internal sealed record ChaosOptions
{
    public const string Usage = """
        usage: loadtests chaos [options]
          --minutes N      length of the load (default 20)
          --seed N         chooses input and faults; the same seed gives the same (default: any, printed)
          --silos N        silo processes; 0 for one within the gateway (default 0)
          --gateways N     gateway processes (default 1)
          --storage NAME   sqlite or postgresql (default sqlite for one process, else postgresql, which alone can serve several)
          --leaves N       leaf nodes, four levels below the root (default 10000)
          --sources N      sources that push at the same time (default 4)
          --rate N         points in a second, all sources together (default 5000)
          --late N         percent of points that lie 1 s to 2 days back (default 5)
          --resent N       percent of batches that are sent again although they were acknowledged (default 2)
          --corrected N    percent of points that correct an earlier one of the same source (default 0)
          --kill-every N   mean seconds from one fault to the next (default 10)
          --cuts           silos are cut off too: Linux, root, at least 2 silos (default: networks stay whole)
          --soak           no faults; without --rate at 70 % of the rate that is reached unhindered
          --keep           keep logs and data also when nothing failed
        """;

    private const int FullMinutes = 20;
    private const int DefaultRate = 5_000;

    /// <summary>Length of the load.</summary>
    public required TimeSpan Duration { get; init; }

    /// <summary>Chooses input and faults.</summary>
    public required int Seed { get; init; }

    /// <summary>Silo processes; 0 for one within each gateway.</summary>
    public required int Silos { get; init; }

    /// <summary>Gateway processes.</summary>
    public required int Gateways { get; init; }

    /// <summary>Storage engine.</summary>
    public required string Storage { get; init; }

    /// <summary>Leaf nodes.</summary>
    public required int Leaves { get; init; }

    /// <summary>Sources that push at the same time.</summary>
    public required int Sources { get; init; }

    /// <summary>Points in a second; 0 to find out what is possible.</summary>
    public required int Rate { get; init; }

    /// <summary>Percent of points that lie back.</summary>
    public required int Late { get; init; }

    /// <summary>Percent of batches that are sent again.</summary>
    public required int Resent { get; init; }

    /// <summary>Percent of points that correct an earlier one.</summary>
    public required int Corrected { get; init; }

    /// <summary>Mean time from one fault to the next.</summary>
    public required TimeSpan KillEvery { get; init; }

    /// <summary>Silos are cut off from others.</summary>
    public required bool Cuts { get; init; }

    /// <summary>No faults.</summary>
    public required bool Soak { get; init; }

    /// <summary>Keep logs and data.</summary>
    public required bool Keep { get; init; }

    /// <summary>Reads the options.</summary>
    /// <exception cref="UsageException">One is unknown or out of range, or they do not go together.</exception>
    public static ChaosOptions Parse(string[] arguments)
    {
        var line = new CommandLine(arguments, new HashSet<string>(StringComparer.Ordinal) { "--cuts", "--soak", "--keep" });
        var soak = line.Take("--soak");
        var silos = line.Take("--silos", 0, 0, 16);
        var gateways = line.Take("--gateways", 1, 1, 16);
        var options = new ChaosOptions
        {
            Duration = TimeSpan.FromMinutes(line.Take("--minutes", FullMinutes, 1, 10_000)),
            Seed = line.Take("--seed", Random.Shared.Next(1, 1_000_000), 1, int.MaxValue),
            Silos = silos,
            Gateways = gateways,
            Storage = line.Take("--storage", silos > 0 || gateways > 1 ? "postgresql" : "sqlite", "sqlite", "postgresql"),
            Leaves = line.Take("--leaves", 10_000, 10, 400_000),
            Sources = line.Take("--sources", 4, 1, 64),
            Rate = line.Take("--rate", soak ? 0 : DefaultRate, soak ? 0 : 1, 10_000_000),
            Late = line.Take("--late", 5, 0, 100),
            Resent = line.Take("--resent", 2, 0, 100),
            Corrected = line.Take("--corrected", 0, 0, 100),
            KillEvery = TimeSpan.FromSeconds(line.Take("--kill-every", 10, 1, 3_600)),
            Cuts = line.Take("--cuts"),
            Soak = soak,
            Keep = line.Take("--keep"),
        };
        line.Done();
        if (options.Storage == "sqlite" && (options.Silos > 0 || options.Gateways > 1))
        {
            throw new UsageException("--storage is sqlite, which one process alone can use: give --silos 0 --gateways 1, or --storage postgresql");
        }

        return options.Cuts && options.Silos < 2
            ? throw new UsageException("--cuts cuts silos off from one another: give --silos 2 or more and --storage postgresql")
            : options;
    }
}
