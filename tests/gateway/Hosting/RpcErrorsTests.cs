using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Monitoring.Dictionary;

namespace Monitoring.Gateway.Hosting;

public sealed class RpcErrorsTests
{
    [Fact]
    public void ToRpcException_ClusterWasNotMetYet_IsUnavailable()
    {
        using var client = new HostBuilder().UseOrleansClient(builder => builder.UseLocalhostClustering()).Build();
        var grains = client.Services.GetRequiredService<IGrainFactory>();

        var unknown = Assert.Throws<ArgumentException>(() => grains.GetGrain<IDictionaryGrain>(IDictionaryGrain.Key));

        Assert.Equal(StatusCode.Unavailable, RpcErrors.ToRpcException(unknown, isStopping: false).StatusCode);
    }
}
