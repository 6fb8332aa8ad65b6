using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace Monitoring.Storage;

/// <summary>
/// A throw-away PostgreSQL server in a temporary folder, on a free port of the loopback address. It ends, and its folder goes, when it is
/// disposed or when this process ends in whatever way.
/// </summary>
public sealed class PostgreSqlServer : IAsyncDisposable
{
    private const string User = "monitoring";
    private const string Loopback = "127.0.0.1";
    private static readonly Lazy<Task<PostgreSqlServer>> SharedServer = new(() => StartAsync());
    private readonly string _binaries;
    private readonly string _folder;
    private readonly string _address;
    private readonly string[] _launcher;
    private readonly Process _guard;
    private int _databases;

    private PostgreSqlServer(string binaries, string folder, int port, string address, string[] launcher)
    {
        (_binaries, _folder, Port, _address, _launcher) = (binaries, folder, port, address, launcher);
        _guard = StartGuard();
    }

    /// <summary>Whether there is a PostgreSQL to start.</summary>
    public static bool IsInstalled => LookForBinaries() is not null;

    public int Port { get; }

    /// <summary>Identity of the server's first process; null when it does not run.</summary>
    public int? ProcessId
    {
        get
        {
            try
            {
                var id = int.Parse(File.ReadLines(Path.Combine(Data, "postmaster.pid")).First(), CultureInfo.InvariantCulture);
                return Directory.Exists(string.Create(CultureInfo.InvariantCulture, $"/proc/{id}")) ? id : null;
            }
            catch (Exception absent) when (absent is IOException or InvalidOperationException)
            {
                return null;
            }
        }
    }

    /// <summary>The database that is there from the start.</summary>
    public string FirstDatabase => ConnectionString("postgres");

    /// <summary>What the server writes.</summary>
    public string Log => Path.Combine(_folder, "log");

    /// <summary>The one server of this process, for everybody who does not stop it.</summary>
    public static Task<PostgreSqlServer> GetSharedAsync() => SharedServer.Value;

    /// <summary>Makes and starts a server.</summary>
    /// <param name="port">Where it listens; null for any free port.</param>
    /// <param name="address">On which address it listens, and trusts whoever comes; null for the loopback address.</param>
    /// <param name="launcher">Program and arguments that start its commands where it has that address.</param>
    /// <exception cref="InvalidOperationException">PostgreSQL is not installed; the message says how to install it.</exception>
    public static async Task<PostgreSqlServer> StartAsync(int? port = null, string? address = null, params string[] launcher)
    {
        var binaries = FindBinaries();
        var folder = Directory.CreateTempSubdirectory("monitoring-postgresql-").FullName;
        if (IsRoot)
        {
            await RunAsync("chown", "postgres", folder);
        }

        var server = new PostgreSqlServer(binaries, folder, port ?? FreePort(), address ?? Loopback, launcher);
        await server.RunAsServerAsync("initdb", "-D", server.Data, "-U", User, "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync");
        if (address is not null)
        {
            await File.AppendAllTextAsync(Path.Combine(server.Data, "pg_hba.conf"), "host all all all trust\n");
        }

        await server.ResumeAsync();
        return server;
    }

    /// <summary>Makes an empty database; returns its connection string.</summary>
    public async Task<string> CreateDatabaseAsync()
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"test_{Interlocked.Increment(ref _databases)}");

        // A pool may hold connections to an earlier server that had the same port.
        await using var connection = new NpgsqlConnection(ConnectionString("postgres") + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand($"CREATE DATABASE {name}", connection);
        await command.ExecuteNonQueryAsync();
        return ConnectionString(name);
    }

    /// <summary>Ends the server as a crash does: connections break, and what was not committed is lost.</summary>
    public Task CrashAsync() => RunAsServerAsync("pg_ctl", "stop", "-D", Data, "-m", "immediate");

    /// <summary>Starts the server after a crash, on the same port.</summary>
    public Task ResumeAsync() => RunAsServerAsync(
        "pg_ctl", "start", "-w", "-t", "120", "-D", Data, "-l", Log, "-o",
        string.Create(CultureInfo.InvariantCulture, $"-p {Port} -c listen_addresses={_address} -c unix_socket_directories='' -c max_connections=300"));

    public async ValueTask DisposeAsync()
    {
        _guard.StandardInput.Close();
        await _guard.WaitForExitAsync();
        _guard.Dispose();
    }

    private static bool IsRoot => Environment.IsPrivilegedProcess && !OperatingSystem.IsWindows();

    private string Data => Path.Combine(_folder, "data");

    private string ConnectionString(string database) => new NpgsqlConnectionStringBuilder
    {
        Host = _address,
        Port = Port,
        Database = database,
        Username = User,
    }.ConnectionString;

    /// <summary>A process that reads from a pipe of ours: it ends with us, and then clears away.</summary>
    private Process StartGuard()
    {
        const string Script = """trap '' INT TERM; cat >/dev/null; "$1/pg_ctl" stop -s -D "$2/data" -m immediate; rm -rf "$2" """;
        var start = AsServer("sh", "-c", Script, "guard", _binaries, _folder);
        start.RedirectStandardInput = true;
        return Process.Start(start)!;
    }

    private Task RunAsServerAsync(string binary, params string[] arguments)
    {
        var start = AsServer([Path.Combine(_binaries, binary), .. arguments]);
        string[] command = [.. _launcher, start.FileName, .. start.ArgumentList];
        return RunAsync(new ProcessStartInfo(command[0], command[1..]));
    }

    /// <summary>The server refuses to run as root; as an ordinary user it runs as that one.</summary>
    private static ProcessStartInfo AsServer(params string[] command) =>
        IsRoot ? new ProcessStartInfo("runuser", ["-u", "postgres", "--", .. command]) : new ProcessStartInfo(command[0], command[1..]);

    private static Task RunAsync(string file, params string[] arguments) => RunAsync(new ProcessStartInfo(file, arguments));

    private static async Task RunAsync(ProcessStartInfo start)
    {
        // Into a file and not into a pipe: a server that was started holds what it inherited for as long as it runs.
        var output = Path.GetTempFileName();
        try
        {
            string[] command = [start.FileName, .. start.ArgumentList];
            var shell = new ProcessStartInfo("sh", ["-c", "out=$1; shift; exec \"$@\" >\"$out\" 2>&1 </dev/null", "sh", output, .. command])
            {
                WorkingDirectory = Path.GetTempPath(),
            };
            using var process = Process.Start(shell)!;
            await process.WaitForExitAsync();
            if (process.ExitCode != 0)
            {
                throw new InvalidOperationException($"'{string.Join(' ', command)}' ended with {process.ExitCode}: {await File.ReadAllTextAsync(output)}");
            }
        }
        finally
        {
            File.Delete(output);
        }
    }

    private static string FindBinaries() => LookForBinaries() ?? throw new InvalidOperationException(
        "PostgreSQL is not installed: its initdb and pg_ctl are neither on the PATH nor in /usr/lib/postgresql/VERSION/bin. "
        + "Install it, on Debian and Ubuntu by 'apt-get install postgresql', on Fedora by 'dnf install postgresql-server'; it need not be started.");

    private static string? LookForBinaries()
    {
        var path = (Environment.GetEnvironmentVariable("PATH") ?? string.Empty).Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        string[] roots = ["/usr/lib/postgresql", "/usr/local/lib/postgresql"];
        var versions = roots
            .Where(Directory.Exists)
            .SelectMany(Directory.EnumerateDirectories)
            .OrderByDescending(folder => int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var version) ? version : 0)
            .Select(folder => Path.Combine(folder, "bin"));
        return path.Concat(versions).FirstOrDefault(IsComplete);

        static bool IsComplete(string folder) => File.Exists(Path.Combine(folder, "initdb")) && File.Exists(Path.Combine(folder, "pg_ctl"));
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
