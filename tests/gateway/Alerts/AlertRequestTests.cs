using Grpc.Core;
using Monitoring.Infrastructure;
using Wire = Monitoring.Protocol.V1;

namespace Monitoring.Alerts;

public sealed class AlertRequestTests
{
    [Theory]
    [InlineData(false, StatusCode.InvalidArgument)]
    [InlineData(true, StatusCode.Unavailable)]
    public async Task Watch_CursorBehindTheEnd_IsRefusedForGoodOnlyWhenStorageSaysSo(bool storageFails, StatusCode expected)
    {
        await using var gateway = await TestGateway.StartAsync();
        gateway.Cluster.Department("noc").StorageFailure = storageFails ? new IOException("The storage does not answer.") : null;
        var request = new Wire.WatchAlertsRequest { Departments = { "noc" }, Cursor = "noc:7" };
        using var watch = gateway.Alerts.Watch(request, cancellationToken: gateway.Token);

        var refusal = await Assert.ThrowsAsync<RpcException>(() => watch.ResponseStream.MoveNext(gateway.Token));

        Assert.Equal(expected, refusal.StatusCode);
    }

    [Theory]
    [InlineData("de\0lay", "", "indicator 'de\0lay' is not allowed")]
    [InlineData("Delay", "", "indicator 'Delay' is not allowed")]
    [InlineData("", "GA/\0", "path_prefix 'GA/\0' has a part with a control character")]
    public async Task List_FilterThatNothingCanMatch_IsInvalid(string indicator, string pathPrefix, string detail)
    {
        await using var gateway = await TestGateway.StartAsync();
        var request = new Wire.ListAlertsRequest { Department = "noc", Indicator = indicator, PathPrefix = pathPrefix };

        var refusal = await Assert.ThrowsAsync<RpcException>(
            () => gateway.Alerts.ListAsync(request, cancellationToken: gateway.Token).ResponseAsync);

        Assert.Equal(StatusCode.InvalidArgument, refusal.StatusCode);
        Assert.StartsWith(detail, refusal.Status.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\0", "me", "", "alert_id holds the character U+0000 at position 1")]
    [InlineData("a", "m\0e", "", "person holds the character U+0000 at position 2")]
    [InlineData("a", "me", "on\0it", "comment holds the character U+0000 at position 3")]
    public async Task Acknowledge_TextThatCannotBeStored_IsInvalid(string alertId, string person, string comment, string detail)
    {
        await using var gateway = await TestGateway.StartAsync();
        var request = new Wire.AcknowledgeAlertRequest { Department = "noc", AlertId = alertId, Person = person, Comment = comment };

        var refusal = await Assert.ThrowsAsync<RpcException>(
            () => gateway.Alerts.AcknowledgeAsync(request, cancellationToken: gateway.Token).ResponseAsync);

        Assert.Equal(StatusCode.InvalidArgument, refusal.StatusCode);
        Assert.StartsWith(detail, refusal.Status.Detail, StringComparison.Ordinal);
    }
}
