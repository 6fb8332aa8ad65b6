using System.Data.Common;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Monitoring.Clustering;
using Npgsql;
using Orleans.Serialization;

namespace Monitoring.ClusterTests.Storage;

public sealed class DatabaseExceptionTests
{
    [Fact]
    public void Serializer_FailureOfTheDatabase_ArrivesAtAGatewayAsOne()
    {
        using var silo = Build(builder => builder.AddClusterSilo());
        using var gateway = Build(builder => builder.AddClusterClient());
        var sent = new NpgsqlException("the server is away", new IOException("connection refused"));

        var bytes = silo.Services.GetRequiredService<Serializer<Exception>>().SerializeToArray(sent);
        var received = gateway.Services.GetRequiredService<Serializer<Exception>>().Deserialize(bytes);

        Assert.IsAssignableFrom<DbException>(received);
        Assert.Equal(("the server is away", "connection refused"), (received!.Message, received.InnerException?.Message));
    }

    private static IHost Build(Action<HostApplicationBuilder> add)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Configuration["Cluster:ConnectionString"] = "Host=127.0.0.1;Database=nothing";
        add(builder);
        return builder.Build();
    }
}
