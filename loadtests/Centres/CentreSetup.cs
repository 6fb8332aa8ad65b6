using System.Collections.Immutable;

namespace Monitoring.Centres;

/// <summary>What a scenario runs against. Every scenario takes the same options for it.</summary>
internal sealed record CentreSetup
{
    public const string Usage = """
          --storage ENGINE       storage: sqlite (default), or postgresql on a server that is thrown away afterwards
          --postgresql STRING    connection string of an empty database, instead of a server of its own
          --processes KIND       embedded: one process (default); separate: a silo and a gateway, which needs postgresql
        """;

    private const string PostgreSqlStorage = "postgresql";
    private const string SeparateProcesses = "separate";

    /// <summary><c>sqlite</c> or <c>postgresql</c>.</summary>
    public string Storage { get; init; } = "sqlite";

    /// <summary>Connection string of an empty PostgreSQL database; empty for a server of its own.</summary>
    public string PostgreSql { get; init; } = string.Empty;

    /// <summary><c>embedded</c> or <c>separate</c>.</summary>
    public string Processes { get; init; } = "embedded";

    /// <summary>Further configuration of every process.</summary>
    public ImmutableArray<string> Arguments { get; init; } = [];

    /// <summary>Whether a database server keeps what is stored.</summary>
    public bool IsPostgreSql => Storage == PostgreSqlStorage;

    /// <summary>Whether silo and gateway are processes of their own.</summary>
    public bool IsSeparate => Processes == SeparateProcesses;

    /// <summary>Takes the options.</summary>
    /// <exception cref="UsageException">One is unknown, or they contradict each other.</exception>
    public static CentreSetup Take(CommandLine line)
    {
        var setup = new CentreSetup
        {
            Storage = line.Take("--storage", "sqlite", "sqlite", PostgreSqlStorage),
            PostgreSql = line.TakeText("--postgresql"),
            Processes = line.Take("--processes", "embedded", "embedded", SeparateProcesses),
        };
        if (setup.PostgreSql.Length > 0 && !setup.IsPostgreSql)
        {
            throw new UsageException("--postgresql needs --storage postgresql");
        }

        return setup.IsSeparate && !setup.IsPostgreSql
            ? throw new UsageException("--processes separate needs --storage postgresql: processes cannot share SQLite files")
            : setup;
    }
}
