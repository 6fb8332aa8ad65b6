using Monitoring.Storage;
using Monitoring.Storage.PostgreSql;
using Npgsql;

namespace Monitoring.ClusterTests.Storage;

public sealed class AppendConnectionsTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task UseAsync_OneAfterTheOther_UsesTheSameSession()
    {
        var server = await PostgreSqlServer.GetSharedAsync();
        await using var connections = Open(await server.CreateDatabaseAsync());

        var before = await Task.WhenAll(SessionOfAsync(connections), SessionOfAsync(connections), SessionOfAsync(connections));
        var after = new HashSet<int>();
        for (var use = 0; use < 10; use++)
        {
            after.Add(await SessionOfAsync(connections));
        }

        Assert.Single(after);
        Assert.Subset(before.ToHashSet(), after);
    }

    [Fact]
    public async Task UseAsync_MoreThanThereAreConnections_AllHaveTheirTurn()
    {
        var server = await PostgreSqlServer.GetSharedAsync();
        await using var connections = Open(await server.CreateDatabaseAsync());

        var sessions = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => SessionOfAsync(connections)));

        Assert.InRange(sessions.Distinct().Count(), 1, 4);
    }

    [Fact]
    public async Task UseAsync_StatementFails_ConnectionIsFreeAgain()
    {
        var server = await PostgreSqlServer.GetSharedAsync();
        await using var connections = Open(await server.CreateDatabaseAsync() + ";Maximum Pool Size=1");
        await Assert.ThrowsAsync<PostgresException>(
            () => connections.UseAsync(connection => connection.ExecuteAsync("SELECT 1 / 0", Cancel), Cancel));

        Assert.NotEqual(0, await SessionOfAsync(connections));
    }

    [Fact]
    public async Task UseAsync_ServerWasAway_FailsOnceForAllConnections()
    {
        await using var server = await PostgreSqlServer.StartAsync();
        await using var connections = Open(await server.CreateDatabaseAsync());
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => SessionOfAsync(connections)));
        await server.CrashAsync();
        await server.ResumeAsync();

        await Assert.ThrowsAnyAsync<NpgsqlException>(() => SessionOfAsync(connections));
        Assert.NotEqual(0, await SessionOfAsync(connections));
    }

    private static AppendConnections Open(string server) =>
        new(PostgreSqlDatabase.ConnectionString(new StorageOptions { ConnectionString = server }));

    /// <summary>The process of the server that serves the connection, after it was busy for a while.</summary>
    private static Task<int> SessionOfAsync(AppendConnections connections) => connections.UseAsync(
        async connection => (await connection.QueryAsync("SELECT pg_backend_pid() FROM pg_sleep(0.05)", row => row.GetInt32(0), Cancel))[0], Cancel);
}
