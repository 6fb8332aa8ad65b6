using Microsoft.Extensions.Options;
using Monitoring.Storage;
using Monitoring.Storage.Sqlite;

namespace Monitoring.ClusterTests.Storage;

public sealed class SqlitePartitionStoreTests() : PartitionStoreTests(new SqliteFolder());

/// <summary>What only files need.</summary>
public sealed class SqliteDatabaseTests : IAsyncDisposable
{
    private readonly SqliteFolder _folder = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _folder.DisposeAsync();

    [Fact]
    public async Task WriteAsync_FailsHalfway_UndoesAllOfItAndNothingElse()
    {
        await using var database = _folder.Open();
        var store = new SqlitePartitionStore(database);
        var broken = database.WriteAsync(
            (connection, transaction) =>
            {
                connection.Execute(transaction, "INSERT INTO settings (name, value) VALUES ('half', 'done')");
                throw new InvalidOperationException("halfway");
            },
            Cancel);
        var claim = store.ClaimAsync(2, 1, 0, new byte[] { 1 }, Cancel);

        await Assert.ThrowsAsync<InvalidOperationException>(() => broken);
        await claim;

        Assert.Null(await database.ReadAsync(
            (connection, transaction) => connection.Scalar(transaction, "SELECT 1 FROM settings WHERE name = 'half'"), Cancel));
        Assert.Single((await store.LoadAsync(2, Cancel)).Journal);
    }

    [Fact]
    public async Task Open_FolderInUse_SaysWhatToDo()
    {
        await using var database = _folder.Open();

        var refusal = Assert.Throws<StorageException>(() => _folder.Open());

        Assert.Contains("in use by another process", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("Storage:DataFolder", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_FolderIsAFile_SaysWhatToDo()
    {
        var file = Path.Combine(_folder.Folder, "file");
        File.WriteAllText(file, string.Empty);
        var database = new SqliteDatabase(Options.Create(new StorageOptions { DataFolder = file }));

        var refusal = Assert.Throws<StorageException>(() => database.Open(SqliteFolder.Partitions));

        Assert.Contains("cannot be written to", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("Storage:DataFolder", refusal.Message, StringComparison.Ordinal);
    }
}
