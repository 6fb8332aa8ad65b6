using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Monitoring.Storage;
using Monitoring.Storage.PostgreSql;
using Npgsql;

namespace Monitoring.ClusterTests.Storage;

public sealed class PostgreSqlSchemaTests : IAsyncDisposable
{
    private const string First = "CREATE TABLE a (x integer)";
    private const string Second = "ALTER TABLE a ADD COLUMN y integer";
    private const string Breaking = "-- min_reader: 2\nALTER TABLE a ALTER COLUMN x TYPE bigint";
    private readonly PostgreSqlStorage _storage = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _storage.DisposeAsync();

    [Fact]
    public async Task OpenAsync_ManySilosAtOnce_AllComeUp()
    {
        var opened = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => Task.Run(() => _storage.OpenAsync(), Cancel)));

        foreach (var silo in opened)
        {
            Assert.Equal(0, (await silo.Partitions.LoadAsync(0, Cancel)).Entry);
            await silo.DisposeAsync();
        }
    }

    [Fact]
    public async Task MigrateAsync_ScriptIsAdded_AppliesThatAlone()
    {
        await MigrateAsync(First);
        await MigrateAsync(First, Second);
        await MigrateAsync(First, Second);

        Assert.Equal("2 0", await VersionAsync());
    }

    [Fact]
    public async Task MigrateAsync_ScriptFails_ChangesNothing()
    {
        await Assert.ThrowsAsync<PostgresException>(() => MigrateAsync(First, "CREATE TABLE a (again integer)"));
        await MigrateAsync(First);

        Assert.Equal("1 0", await VersionAsync());
    }

    [Fact]
    public async Task MigrateAsync_NewerSchemaThatOnlyAdds_OlderProgramGoesOn()
    {
        await MigrateAsync(First, Second);
        await MigrateAsync(First);

        Assert.Equal("2 0", await VersionAsync());
    }

    [Fact]
    public async Task MigrateAsync_NewerSchemaThatBreaks_OlderProgramIsRefused()
    {
        await MigrateAsync(First, Breaking);

        var refusal = await Assert.ThrowsAsync<StorageException>(() => MigrateAsync(First));

        Assert.Contains("start the newer version", refusal.Message, StringComparison.Ordinal);
        Assert.Equal("2 2", await VersionAsync());
    }

    [Fact]
    public async Task OpenAsync_NobodyListens_SaysWhereAndKeepsThePassword()
    {
        await using var database = Database("Host=127.0.0.1;Port=1;Username=u;Password=secret");

        var refusal = await Assert.ThrowsAsync<StorageException>(() => database.OpenAsync(4, Cancel));

        Assert.Contains("127.0.0.1:1 cannot be reached", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("Storage:ConnectionString", refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OpenAsync_DatabaseIsMissing_SaysSo()
    {
        var builder = new NpgsqlConnectionStringBuilder(await _storage.GetConnectionStringAsync()) { Database = "nowhere", Password = "secret" };
        await using var database = Database(builder.ConnectionString);

        var refusal = await Assert.ThrowsAsync<StorageException>(() => database.OpenAsync(4, Cancel));

        Assert.Contains("database \"nowhere\" does not exist", refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OpenAsync_CommitsAreNotDurable_IsRefused()
    {
        var builder = new NpgsqlConnectionStringBuilder(await _storage.GetConnectionStringAsync()) { Options = "-c synchronous_commit=off" };
        await using var database = Database(builder.ConnectionString);

        var refusal = await Assert.ThrowsAsync<StorageException>(() => database.OpenAsync(4, Cancel));

        Assert.Contains("synchronous_commit", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Host=db;Password=se;cret=x", "not a connection string")]
    [InlineData("Host=db;Port=many;Password=secret", "not a connection string")]
    [InlineData("Database=x;Password=secret", "names no Host")]
    public void Validate_WrongConnectionString_SaysSoWithoutRepeatingIt(string connectionString, string expected)
    {
        var result = new ConnectionStringRule().Validate(null, new StorageOptions { ConnectionString = connectionString });

        Assert.Contains(expected, result.FailureMessage, StringComparison.Ordinal);
        Assert.DoesNotContain("cret", result.FailureMessage, StringComparison.Ordinal);
    }

    private static PostgreSqlDatabase Database(string connectionString) => new(Options.Create(new StorageOptions { ConnectionString = connectionString }), NullLogger<PostgreSqlDatabase>.Instance);

    private async Task MigrateAsync(params string[] scripts)
    {
        await using var connection = await ConnectAsync();
        await PostgreSqlSchema.MigrateAsync(connection, new Dictionary<string, IReadOnlyList<string>> { ["Test"] = scripts }, Cancel);
    }

    private async Task<string> VersionAsync()
    {
        await using var connection = await ConnectAsync();
        await using var command = new NpgsqlCommand("SELECT concat(version, ' ', min_reader) FROM schema_version WHERE part = 'Test'", connection);
        return (string)(await command.ExecuteScalarAsync(Cancel))!;
    }

    private async Task<NpgsqlConnection> ConnectAsync()
    {
        var connection = new NpgsqlConnection(await _storage.GetConnectionStringAsync());
        await connection.OpenAsync(Cancel);
        return connection;
    }
}
