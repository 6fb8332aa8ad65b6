using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Configuration;

namespace Monitoring.ClusterTests.Storage;

/// <summary>What the clustering provider relies on, through the provider itself.</summary>
public sealed class PostgreSqlMembershipTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static readonly DateTime Start = new(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc);

    [Fact]
    public async Task Table_ChangeOfAnOldVersion_IsRefusedAndChangesNothing()
    {
        var table = await OpenAsync();
        var old = (await table.ReadAllAsync(Token)).Version;
        Assert.True(await table.InsertRowAsync(Entry(1), old.Next(), Token));

        Assert.False(await table.InsertRowAsync(Entry(2), old.Next(), Token));
        var dead = Entry(1);
        dead.Status = SiloStatus.Dead;
        Assert.False(await table.UpdateRowAsync(dead, old.VersionEtag, old.Next(), Token));
        Assert.False(await table.InsertRowAsync(Entry(1), (await table.ReadAllAsync(Token)).Version.Next(), Token));

        var now = await table.ReadAllAsync(Token);
        Assert.Equal(1, now.Version.Version);
        Assert.Equal(SiloStatus.Joining, Assert.Single(now.Members).Item1.Status);
    }

    [Fact]
    public async Task Table_SuspectsAndDeath_AreReadAsTheyWereWritten()
    {
        var table = await OpenAsync();
        Assert.True(await table.InsertRowAsync(Entry(1), (await table.ReadAllAsync(Token)).Version.Next(), Token));
        Assert.True(await table.InsertRowAsync(Entry(2), (await table.ReadAllAsync(Token)).Version.Next(), Token));
        Tuple<SiloAddress, DateTime>[] suspects = [new(Entry(2).SiloAddress, Start.AddSeconds(1)), new(Entry(3).SiloAddress, Start.AddSeconds(2))];

        // The provider takes a row's etag from the read that showed the row, and the version from the same read.
        var before = await table.ReadRowAsync(Entry(1).SiloAddress, Token);
        var (suspected, etag) = Assert.Single(before.Members);
        (suspected.Status, suspected.IAmAliveTime) = (SiloStatus.Dead, Start.AddSeconds(3));
        suspected.SuspectTimes = [.. suspects];
        Assert.True(await table.UpdateRowAsync(suspected, etag, before.Version.Next(), Token));

        var now = await table.ReadAllAsync(Token);
        Assert.Equal(3, now.Version.Version);
        var byPort = now.Members.ToDictionary(member => member.Item1.SiloAddress.Endpoint.Port, member => member.Item1);
        Assert.Equal((SiloStatus.Dead, Start.AddSeconds(3)), (byPort[11_001].Status, byPort[11_001].IAmAliveTime));
        Assert.Equal(suspects, byPort[11_001].SuspectTimes);
        Assert.Equal((SiloStatus.Joining, Start), (byPort[11_002].Status, byPort[11_002].IAmAliveTime));
        Assert.Empty(byPort[11_002].SuspectTimes ?? []);
    }

    [Fact]
    public async Task Table_ManyChangesAtOnce_OneOfEachVersionIsMade()
    {
        const int Writers = 8;
        const int Rounds = 10;
        var table = await OpenAsync();
        var made = 0;

        await Task.WhenAll(Enumerable.Range(1, Writers).Select(async writer =>
        {
            for (var round = 0; round < Rounds;)
            {
                var version = (await table.ReadAllAsync(Token)).Version;
                if (await table.InsertRowAsync(Entry((writer * Rounds) + round), version.Next(), Token))
                {
                    Interlocked.Increment(ref made);
                    round++;
                }
            }
        }));

        var now = await table.ReadAllAsync(Token);
        Assert.Equal((Writers * Rounds, Writers * Rounds), (now.Members.Count, now.Version.Version));
        Assert.Equal(Writers * Rounds, made);
    }

    [Fact]
    public async Task Table_SignOfLifeAndCleanup_LeaveTheVersionAlone()
    {
        var table = await OpenAsync();
        foreach (var (number, status) in new[] { (1, SiloStatus.Active), (2, SiloStatus.Dead), (3, SiloStatus.Dead) })
        {
            var entry = Entry(number);
            entry.Status = status;
            Assert.True(await table.InsertRowAsync(entry, (await table.ReadAllAsync(Token)).Version.Next(), Token));
        }

        var alive = Entry(3);
        alive.IAmAliveTime = Start.AddHours(2);
        await table.UpdateIAmAliveAsync(alive, Token);
        await table.CleanupDefunctSiloEntriesAsync(new DateTimeOffset(Start.AddHours(1)), Token);

        var now = await table.ReadAllAsync(Token);
        Assert.Equal(3, now.Version.Version);
        Assert.Equal([11_001, 11_003], now.Members.Select(member => member.Item1.SiloAddress.Endpoint.Port).Order());
    }

    private static MembershipEntry Entry(int number) => new()
    {
        SiloAddress = SiloAddress.New(IPAddress.Loopback, 11_000 + number, 1),
        SiloName = $"silo {number}",
        HostName = "host",
        Status = SiloStatus.Joining,
        ProxyPort = 30_000 + number,
        StartTime = Start,
        IAmAliveTime = Start,
        SuspectTimes = [],
    };

    private static async Task<IMembershipTable> OpenAsync()
    {
        var storage = new PostgreSqlStorage();
        await using var open = await storage.OpenAsync();
        var connectionString = await storage.GetConnectionStringAsync();
        var host = new HostBuilder().UseOrleans(silo => silo
            .UseAdoNetClustering(options => (options.Invariant, options.ConnectionString) = ("Npgsql", connectionString))
            .Configure<ClusterOptions>(options => (options.ClusterId, options.ServiceId) = ("test", "test"))
            .Configure<EndpointOptions>(options => options.AdvertisedIPAddress = IPAddress.Loopback)).Build();
        var table = host.Services.GetRequiredService<IMembershipTable>();
        await table.InitializeMembershipTableAsync(tryInitTableVersion: true, Token);
        return table;
    }
}
