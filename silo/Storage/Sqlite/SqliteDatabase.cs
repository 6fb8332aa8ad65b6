using System.Globalization;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Options;

namespace Monitoring.Storage.Sqlite;

/// <summary>
/// The data folder: <c>monitoring.db</c> with journals, nodes and alert logs, written by one thread; <c>definitions.db</c> with the state of
/// grains that keep definitions, written by Orleans; and a lock that keeps a second process out.
/// </summary>
internal sealed class SqliteDatabase(IOptions<StorageOptions> options) : IStorageEngine, IAsyncDisposable
{
    private FileStream? _lock;
    private SqliteWriter? _writer;

    /// <summary>Connection string of the file for Orleans.</summary>
    public static string DefinitionsConnectionString(StorageOptions options) => ConnectionString(options, "definitions.db");

    private string MainConnectionString => ConnectionString(options.Value, "monitoring.db");

    /// <summary>Takes the folder, creates what is missing, and checks what must not change.</summary>
    /// <exception cref="StorageException">
    /// Another process uses the folder, nothing can be written there, or it was made for something else.
    /// </exception>
    public void Open(int partitionCount)
    {
        var folder = Path.GetFullPath(options.Value.DataFolder);
        _lock = Lock(folder);
        using (var definitions = Connect(DefinitionsConnectionString(options.Value)))
        {
            SqliteSchema.Migrate(definitions, "Definitions");
        }

        var main = Connect(MainConnectionString);
        SqliteSchema.Migrate(main, "Schema");
        CheckPartitionCount(main, partitionCount, folder);
        _writer = new SqliteWriter(main, options.Value.MaxGroupSize);
    }

    public Task OpenAsync(int partitionCount, CancellationToken cancellationToken)
    {
        Open(partitionCount);
        return Task.CompletedTask;
    }

    /// <summary>Makes a write durable, together with others that wait; see <see cref="SqliteWriter.WriteAsync"/>.</summary>
    public Task WriteAsync(Action<SqliteConnection, SqliteTransaction> write, CancellationToken cancellationToken) =>
        (_writer ?? throw new InvalidOperationException("The database is not open.")).WriteAsync(write, cancellationToken);

    /// <summary>Reads one consistent state. SQLite has no asynchronous reads, so another thread waits for the disk.</summary>
    public Task<T> ReadAsync<T>(Func<SqliteConnection, SqliteTransaction, T> read, CancellationToken cancellationToken) => Task.Run(
        () =>
        {
            using var connection = Connect(MainConnectionString);
            using var transaction = connection.BeginTransaction(deferred: true);
            return read(connection, transaction);
        },
        cancellationToken);

    public async ValueTask DisposeAsync()
    {
        if (_writer is not null)
        {
            await _writer.DisposeAsync();
        }

        using (var pooled = new SqliteConnection(MainConnectionString))
        {
            SqliteConnection.ClearPool(pooled);
        }

        _lock?.Dispose();
    }

    private static string ConnectionString(StorageOptions options, string file) => new SqliteConnectionStringBuilder
    {
        DataSource = Path.Combine(Path.GetFullPath(options.DataFolder), file),
        DefaultTimeout = 60,
    }.ToString();

    private SqliteConnection Connect(string connectionString)
    {
        var connection = new SqliteConnection(connectionString);
        connection.Open();
        var cacheKibibytes = options.Value.CacheMebibytes * 1_024;
        // WAL: readers do not wait for the writer. FULL: a commit is on the disk when it returns.
        connection.Execute(
            null,
            string.Create(CultureInfo.InvariantCulture, $"PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -{cacheKibibytes}"));
        return connection;
    }

    private static FileStream Lock(string folder)
    {
        try
        {
            Directory.CreateDirectory(folder);
            return new FileStream(Path.Combine(folder, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException taken) when (IsTaken(taken))
        {
            throw new StorageException(
                $"The data folder '{folder}' is in use by another process: stop that one, or set Storage:DataFolder to another folder.");
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw new StorageException(
                $"The data folder '{folder}' cannot be written to ({refused.Message.TrimEnd('.')}): " +
                "mend that, or set Storage:DataFolder to another folder.");
        }
    }

    /// <summary>True for a lock that another process holds: EAGAIN of Linux, that of macOS, a sharing violation of Windows.</summary>
    private static bool IsTaken(IOException failure) => (failure.HResult & 0xFFFF) is 11 or 35 or 32;

    private static void CheckPartitionCount(SqliteConnection connection, int partitionCount, string folder)
    {
        connection.Execute(
            null, "INSERT INTO settings (name, value) VALUES ('partitions', @count) ON CONFLICT DO NOTHING", ("@count", Text(partitionCount)));
        var stored = connection.Scalar(null, "SELECT value FROM settings WHERE name = 'partitions'");
        if (!Equals(stored, Text(partitionCount)))
        {
            throw new StorageException(
                $"The data folder '{folder}' was created with {stored} partitions and Partitions:Count is {partitionCount}: " +
                $"set Partitions:Count to {stored}, or Storage:DataFolder to a new folder.");
        }

        static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
    }
}
