using System.Net.Http.Json;
using System.Text.Json;
using Grpc.Core;
using Monitoring.Indicators;
using Monitoring.Infrastructure;
using Monitoring.LatePoints;
using static Monitoring.Infrastructure.PushClient;
using Wire = Monitoring.Protocol.V1;

namespace Monitoring.Ingest;

public sealed class LatePointTests
{
    [Fact]
    public async Task Push_SomePointsAreLate_TellsTheirNumberBesideTheAccepted()
    {
        await using var gateway = await TestGateway.StartAsync();
        gateway.Cluster.Partitions[gateway.Cluster.Map.PartitionOf(new NodeKey("delay", "GA"))].OldestCounted = Now - 1_000;
        using var stream = await gateway.PushAsync("s");

        await stream.SendAsync(1, Point("GA"), Point("GA", time: Now - 5_000), Point("GA", time: Now - 6_000), Point("GA", indicator: "nothing"));

        var ack = await stream.ReadAckAsync(1);
        Assert.Equal((1ul, 0ul, 2ul, 1), (ack.Accepted, ack.Duplicates, ack.Late, ack.Rejections.Count));
    }

    [Fact]
    public async Task ListLate_PageByPage_GivesEveryMatchOnce()
    {
        await using var gateway = await TestGateway.StartAsync();
        Fill(gateway.Cluster, perPartition: 7);
        var request = new Wire.ListLateRequest { Indicator = "delay", PathPrefix = "GA", SinceUnixMs = 3, PageSize = 3 };
        var found = new List<Wire.LatePoint>();
        do
        {
            var page = await gateway.Ingest.ListLateAsync(request, cancellationToken: gateway.Token);
            Assert.InRange(page.Points.Count, 0, 3);
            found.AddRange(page.Points);
            request.PageToken = page.NextPageToken;
        }
        while (request.PageToken.Length > 0);

        var wanted = gateway.Cluster.Partitions.SelectMany(partition => partition.Late)
            .Where(point => point.Key.Path is "GA" or "GA/ATL" && point.ReceivedAt >= 3 && point.State == LateState.Kept);
        Assert.Equal(wanted.Select(point => point.Id.ToString()), found.Select(point => point.Id));
        Assert.All(found, point => Assert.Equal(("delay", "s", Wire.LateReason.TooOld), (point.Indicator, point.Source, point.Reason)));
        Assert.Contains("delay allows 35.00:00:00", found[0].Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("de\0lay", "", "indicator 'de\0lay' is not allowed; write 1 to 100 characters of a-z")]
    [InlineData("delay", "G\0A", "path_prefix 'G\0A' has a part with a control character")]
    public async Task ListLate_FilterThatNothingCanMatch_IsInvalidAndSaysWhere(string indicator, string pathPrefix, string detail)
    {
        await using var gateway = await TestGateway.StartAsync();

        var list = await Assert.ThrowsAsync<RpcException>(() => gateway.Ingest.ListLateAsync(
            new Wire.ListLateRequest { Indicator = indicator, PathPrefix = pathPrefix }, cancellationToken: gateway.Token).ResponseAsync);
        var selection = new Wire.LateSelection { Indicator = indicator, PathPrefix = pathPrefix };
        var reinject = await Assert.ThrowsAsync<RpcException>(() => gateway.Ingest.ReinjectLateAsync(
            new Wire.ReinjectLateRequest { Selection = selection }, cancellationToken: gateway.Token).ResponseAsync);

        Assert.Equal((StatusCode.InvalidArgument, StatusCode.InvalidArgument), (list.StatusCode, reinject.StatusCode));
        Assert.StartsWith(detail, list.Status.Detail, StringComparison.Ordinal);
        Assert.StartsWith($"selection.{detail}", reinject.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ReinjectLate_KnownUnknownAndAgain_AnswersEachId()
    {
        await using var gateway = await TestGateway.StartAsync();
        Fill(gateway.Cluster, perPartition: 2);
        var request = new Wire.ReinjectLateRequest { Ids = { "1-2-0", "3-99-0", "nonsense", "0-1-0", "99-1-0", "1-2-0" } };

        var results = (await gateway.Ingest.ReinjectLateAsync(request, cancellationToken: gateway.Token)).Results;

        Assert.Equal(request.Ids, results.Select(result => result.Id));
        Assert.Equal(
            [
                Wire.ReinjectStatus.Reinjected, Wire.ReinjectStatus.Unknown, Wire.ReinjectStatus.Unknown, Wire.ReinjectStatus.Reinjected,
                Wire.ReinjectStatus.Unknown, Wire.ReinjectStatus.AlreadyReinjected,
            ],
            results.Select(result => result.Status));
    }

    [Fact]
    public async Task ReinjectLate_Selection_TakesWhatMatches()
    {
        await using var gateway = await TestGateway.StartAsync();
        Fill(gateway.Cluster, perPartition: 6);
        var request = new Wire.ReinjectLateRequest { Selection = new Wire.LateSelection { Indicator = "delay", PathPrefix = "GA/ATL" } };

        var response = await gateway.Ingest.ReinjectLateAsync(request, cancellationToken: gateway.Token);

        Assert.NotEmpty(response.Results);
        Assert.False(response.More);
        Assert.All(response.Results, result => Assert.Equal(Wire.ReinjectStatus.Reinjected, result.Status));
        Assert.Empty((await gateway.Ingest.ReinjectLateAsync(request, cancellationToken: gateway.Token)).Results);
    }

    [Fact]
    public async Task ReinjectLate_NeitherIdsNorSelection_SaysSo()
    {
        await using var gateway = await TestGateway.StartAsync();

        var refusal = await Assert.ThrowsAsync<RpcException>(
            async () => await gateway.Ingest.ReinjectLateAsync(new Wire.ReinjectLateRequest(), cancellationToken: gateway.Token));

        Assert.Equal((StatusCode.InvalidArgument, "set either ids or selection"), (refusal.StatusCode, refusal.Status.Detail));
    }

    [Fact]
    public async Task Rest_LatePoints_AreListedAndPutIn()
    {
        await using var gateway = await TestGateway.StartAsync();
        Fill(gateway.Cluster, perPartition: 1);

        var listed = await gateway.Web.GetFromJsonAsync<JsonElement>("/v1/late?indicator=delay", gateway.Token);
        var id = listed.GetProperty("points")[0].GetProperty("id").GetString();
        var answer = await gateway.Web.PostAsJsonAsync("/v1/late:reinject", new { ids = new[] { id } }, gateway.Token);

        var result = (await answer.Content.ReadFromJsonAsync<JsonElement>(gateway.Token)).GetProperty("results")[0];
        Assert.Equal("REINJECT_STATUS_REINJECTED", result.GetProperty("status").GetString());
    }

    private static void Fill(FakeCluster cluster, int perPartition)
    {
        for (var partition = 0; partition < cluster.Partitions.Length; partition++)
        {
            for (var index = 0; index < perPartition; index++)
            {
                cluster.Partitions[partition].Late.Add(new LatePoint
                {
                    Id = new LateId(partition, index + 1, 0),
                    Key = new NodeKey("delay", (index % 3) switch { 0 => "GA/ATL", 1 => "GA", _ => "GATE" }),
                    Time = 1_000,
                    Value = index,
                    Source = "s",
                    ReceivedAt = index,
                    AllowedLateness = 35 * 86_400_000L,
                    State = index % 5 == 4 ? LateState.Reinjected : LateState.Kept,
                });
            }
        }
    }
}
