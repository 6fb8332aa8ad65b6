using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;
using Grpc.Health.V1;
using Grpc.Reflection.V1Alpha;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Monitoring.Alerting;
using Monitoring.Gateway.Dictionary;
using Monitoring.Gateway.Hosting;
using Monitoring.Hosting;
using Monitoring.Indicators;
using Monitoring.Infrastructure;

namespace Monitoring.Gateway;

public sealed class FrontDoorTests
{
    [Fact]
    public async Task Rest_NodeWithSlashesInItsPath_IsFound()
    {
        await using var gateway = await TestGateway.StartAsync();
        IndicatorQueryTests.Put(gateway, [Samples.Reading("GA/ATL", 12.5), Samples.Reading(string.Empty, 3)]);

        var node = await GetAsync(gateway, "/v1/indicators/delay/nodes/GA/ATL");
        var root = await GetAsync(gateway, "/v1/indicators/delay");
        var list = await GetAsync(gateway, "/v1/indicators/delay:nodes?depth=2");

        Assert.Equal(12.5, node.GetProperty("node").GetProperty("value").GetDouble());
        Assert.Equal(3, root.GetProperty("node").GetProperty("value").GetDouble());
        Assert.Equal("GA/ATL", Assert.Single(list.GetProperty("nodes").EnumerateArray()).GetProperty("path").GetString());
    }

    [Fact]
    public async Task Rest_History_AlignsTheSpanAndChoosesAResolution()
    {
        await using var gateway = await TestGateway.StartAsync();
        var partition = gateway.Cluster.Partitions[gateway.Cluster.Map.PartitionOf(new NodeKey("delay", "GA/ATL"))];
        var hour = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds() / 3_600_000 * 3_600_000; // History is not kept for ever.
        partition.Buckets = [new Bucket { Start = hour + 30_000, Aggregate = new Aggregate(hour + 31_000, 4) }];

        var history = await GetAsync(
            gateway, $"/v1/indicators/delay/history/GA/ATL?startUnixMs={hour + 35_000}&endUnixMs={hour + 900_000}&maxBuckets=50");
        var total = await GetAsync(gateway, $"/v1/indicators/delay:history?startUnixMs={hour + 1}&endUnixMs={hour + 900_000}&total=true");

        Assert.Equal(30_000, history.GetProperty("resolutionMs").GetInt64());
        Assert.Equal(4, Assert.Single(history.GetProperty("buckets").EnumerateArray()).GetProperty("value").GetDouble());
        var query = partition.LastHistoryQuery!;
        Assert.Equal((hour + 30_000, hour + 900_000, 30_000L), (query.Start, query.End, query.Resolution));
        Assert.Equal(899_999, total.GetProperty("resolutionMs").GetInt64());
    }

    [Fact]
    public async Task Rest_Alerts_AreListedAndAcknowledged()
    {
        await using var gateway = await TestGateway.StartAsync();
        var noc = gateway.Cluster.Department("noc");
        await noc.LogAsync(Samples.Transition("5-1", AlertLevel.Warning));
        await noc.LogAsync(Samples.Transition("5-2", AlertLevel.Warning, TransitionKind.Resolved));

        var list = await GetAsync(gateway, "/v1/departments/noc/alerts?pageSize=1&levels=ALERT_LEVEL_WARNING&pathPrefix=GA&pageToken=12");
        var acknowledged = await gateway.Web.PostAsJsonAsync(
            "/v1/departments/noc/alerts/5-1:acknowledge", new { person = "Li Wei", comment = "on it" }, gateway.Token);
        var resolved = await gateway.Web.PostAsJsonAsync("/v1/departments/noc/alerts/5-2:acknowledge", new { person = "Li Wei" }, gateway.Token);
        var unknown = await gateway.Web.PostAsJsonAsync("/v1/departments/noc/alerts/x:acknowledge", new { person = "Li Wei" }, gateway.Token);
        var nobody = await gateway.Web.PostAsJsonAsync("/v1/departments/noc/alerts/5-1:acknowledge", new { comment = "?" }, gateway.Token);

        Assert.Equal("7", list.GetProperty("nextPageToken").GetString());
        Assert.Equal((1, 12L, "GA"), (noc.LastFilter!.Limit, noc.LastFilter.BeforeCursor, noc.LastFilter.PathPrefix));
        var alert = await acknowledged.Content.ReadFromJsonAsync<JsonElement>(gateway.Token);
        Assert.Equal("Li Wei", alert.GetProperty("alert").GetProperty("acknowledgedBy").GetString());
        Assert.Equal(
            (HttpStatusCode.BadRequest, HttpStatusCode.NotFound, HttpStatusCode.BadRequest), (resolved.StatusCode, unknown.StatusCode, nobody.StatusCode));
    }

    [Fact]
    public async Task Rest_Dictionary_IsAppliedReadAndListed()
    {
        await using var gateway = await TestGateway.StartAsync();

        var applied = await gateway.Web.PostAsJsonAsync("/v1/dictionary:apply", new { yaml = "bad", fileName = "a.yaml" }, gateway.Token);
        var unset = await gateway.Web.PostAsJsonAsync("/v1/dictionary:apply", new { content = new { indicators = new[] { new { code = "x" } } } }, gateway.Token);
        var neither = await gateway.Web.PostAsJsonAsync("/v1/dictionary:apply", new { }, gateway.Token);
        var dictionary = await GetAsync(gateway, "/v1/dictionary");
        var definitions = await GetAsync(gateway, "/v1/definitions?codePrefix=del");

        var mistakes = (await applied.Content.ReadFromJsonAsync<JsonElement>(gateway.Token)).GetProperty("mistakes");
        Assert.Equal(3, Assert.Single(mistakes.EnumerateArray()).GetProperty("line").GetInt32());
        Assert.Equal(2, (await unset.Content.ReadFromJsonAsync<JsonElement>(gateway.Token)).GetProperty("mistakes").GetArrayLength());
        Assert.Equal(HttpStatusCode.BadRequest, neither.StatusCode);
        Assert.Equal("departments: []", dictionary.GetProperty("yaml").GetString());
        Assert.Equal("delay", Assert.Single(definitions.GetProperty("indicators").EnumerateArray()).GetProperty("code").GetString());
    }

    [Theory]
    [InlineData("""{"content":{}}""", "content has neither departments nor indicators")]
    [InlineData("""{"content":{"departments":[{"id":"noc"}]},"dryRun":true}""", "content has no indicators, which would remove all 1 in force")]
    [InlineData("""{"content":{"indicators":[{"code":"x","statistic":"STATISTIC_SUM","period":{"rollingMs":1}}]}}""", "content has no departments")]
    public async Task Rest_DictionaryWithAForgottenList_IsRefused(string body, string fragment)
    {
        await using var gateway = await TestGateway.StartAsync();

        var answer = await gateway.Web.PostAsync(
            "/v1/dictionary:apply", new StringContent(body, System.Text.Encoding.UTF8, "application/json"), gateway.Token);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        var message = (await answer.Content.ReadFromJsonAsync<JsonElement>(gateway.Token)).GetProperty("message").GetString();
        Assert.Contains(fragment, message, StringComparison.Ordinal);
        Assert.Contains("'indicators: []'", message, StringComparison.Ordinal);
        Assert.Null(gateway.Cluster.Dictionary.LastChange);
    }

    [Theory]
    [InlineData("/v1/indicators/delay/nodes/a/b/c", "path 'a/b/c' has 3 parts")]
    [InlineData("/v1/indicators/delay:nodes?pathPrefix=a/b/c", "path_prefix 'a/b/c' has 3 parts")]
    public async Task Rest_PathIsTooDeep_NamesTheFieldOnce(string address, string beginning)
    {
        await using var gateway = await TestGateway.StartAsync();

        var answer = await gateway.Web.GetAsync(address, gateway.Token);

        var message = (await answer.Content.ReadFromJsonAsync<JsonElement>(gateway.Token)).GetProperty("message").GetString();
        Assert.StartsWith(beginning, message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{\n  \"yaml\": \"a\",,\n}", "cannot be read beyond line 2, byte 15")]
    [InlineData("", "cannot be read beyond line 1, byte 1")]
    [InlineData("[]", "JSON but no object")]
    public async Task Rest_BodyIsNotJson_SaysWhere(string body, string fragment)
    {
        await using var gateway = await TestGateway.StartAsync();

        var answer = await gateway.Web.PostAsync(
            "/v1/dictionary:apply", new StringContent(body, System.Text.Encoding.UTF8, "application/json"), gateway.Token);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        var message = (await answer.Content.ReadFromJsonAsync<JsonElement>(gateway.Token)).GetProperty("message").GetString();
        Assert.Contains(fragment, message, StringComparison.Ordinal);
        Assert.Contains("for example {\"yaml\"", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GET", "/v1/nope", "there is no method GET /v1/nope")]
    [InlineData("DELETE", "/v1/dictionary", "there is no method DELETE /v1/dictionary")]
    public async Task Rest_NoSuchMethod_SaysWhereTheyAreListed(string verb, string path, string fragment)
    {
        await using var gateway = await TestGateway.StartAsync();

        var answer = await gateway.Web.SendAsync(new HttpRequestMessage(new HttpMethod(verb), path), gateway.Token);

        Assert.Equal((HttpStatusCode.NotFound, "application/json"), (answer.StatusCode, answer.Content.Headers.ContentType?.MediaType));
        var message = (await answer.Content.ReadFromJsonAsync<JsonElement>(gateway.Token)).GetProperty("message").GetString();
        Assert.Contains(fragment, message, StringComparison.Ordinal);
        Assert.Contains("/docs", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OpenApi_EveryUnaryMethod_IsDescribedWithExistingSchemas()
    {
        await using var gateway = await TestGateway.StartAsync();

        var document = await GetAsync(gateway, "/openapi/v1.json");

        var operations = document.GetProperty("paths").EnumerateObject().SelectMany(path => path.Value.EnumerateObject()).ToArray();
        Assert.Superset(
            new HashSet<string>(StringComparer.Ordinal)
            {
                "Dictionary_Apply", "Dictionary_Get", "Dictionary_List", "Indicators_Get", "Indicators_List", "Indicators_History",
                "Alerts_List", "Alerts_Acknowledge",
            },
            operations.Select(operation => operation.Value.GetProperty("operationId").GetString()!).ToHashSet(StringComparer.Ordinal));
        Assert.All(operations, operation => Assert.NotEmpty(operation.Value.GetProperty("summary").GetString()!));
        var schemas = document.GetProperty("components").GetProperty("schemas");
        foreach (var reference in document.GetRawText().Split("#/components/schemas/").Skip(1).Select(rest => rest[..rest.IndexOf('"', StringComparison.Ordinal)]))
        {
            Assert.True(schemas.TryGetProperty(reference, out _), reference);
        }
    }

    [Fact]
    public async Task Docs_Page_NeedsNothingFromElsewhere()
    {
        await using var gateway = await TestGateway.StartAsync();

        var page = await gateway.Web.GetStringAsync("/docs/", gateway.Token);

        Assert.DoesNotContain("src=\"http", page, StringComparison.Ordinal);
        Assert.Contains("\"openapi/v1.json\"", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Reflection_Services_AreListed()
    {
        await using var gateway = await TestGateway.StartAsync();
        using var call = new ServerReflection.ServerReflectionClient(gateway.Channel).ServerReflectionInfo(cancellationToken: gateway.Token);
        await call.RequestStream.WriteAsync(new ServerReflectionRequest { ListServices = string.Empty }, gateway.Token);
        Assert.True(await call.ResponseStream.MoveNext(gateway.Token));

        var names = call.ResponseStream.Current.ListServicesResponse.Service.Select(service => service.Name).ToArray();

        Assert.Superset(
            new HashSet<string>(["monitoring.v1.Ingest", "monitoring.v1.Alerts", "monitoring.v1.Indicators", "monitoring.v1.Dictionary"], StringComparer.Ordinal),
            names.ToHashSet(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Health_ClusterAnswers_IsReady()
    {
        await using var gateway = await TestGateway.StartAsync();
        await gateway.Service<DictionaryCache>().WaitForChangeAsync(0, gateway.Token);

        Assert.Equal("Healthy", await gateway.Web.GetStringAsync("/health/live", gateway.Token));
        using var watch = new Health.HealthClient(gateway.Channel).Watch(new HealthCheckRequest(), cancellationToken: gateway.Token);
        do
        {
            Assert.True(await watch.ResponseStream.MoveNext(gateway.Token));
        }
        while (watch.ResponseStream.Current.Status != HealthCheckResponse.Types.ServingStatus.Serving);

        Assert.Equal("Healthy", await gateway.Web.GetStringAsync("/health/ready", gateway.Token));
    }

    [Fact]
    public async Task Metrics_Page_HasEveryFamilyOfTheGateway()
    {
        await using var gateway = await TestGateway.StartAsync();
        using var stream = await gateway.PushAsync("s");
        await stream.SendAsync(1, PushClient.Point("GA"), PushClient.Point("GA", double.NaN));
        await stream.ReadAckAsync(1);

        var page = await gateway.Web.GetStringAsync("/metrics", gateway.Token);

        Assert.All(
            [
                "monitoring_points_total{result=\"accepted\"}", "monitoring_points_total{result=\"duplicate\"}",
                "monitoring_points_rejected_total{reason=\"invalid_value\"}", "monitoring_ack_duration_seconds_bucket",
                "monitoring_ingest_streams_open", "monitoring_ingest_queue_deliveries", "monitoring_ingest_unacknowledged_batches",
                "monitoring_watchers_open{kind=\"alerts\"}", "monitoring_watchers_open{kind=\"indicators\"}",
                "monitoring_alert_latency_seconds_bucket", "process_cpu_seconds_total",
            ],
            family => Assert.Contains(family, page, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Run_PortIsTaken_EndsWithOneInsteadOfStarting()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var port = ((IPEndPoint)other.LocalEndpoint).Port;

        var code = await TestGateway.Build(new FakeCluster(), ("Gateway:WebPort", "0"), ("Gateway:GrpcPort", $"{port}")).RunGatewayAsync();

        Assert.Equal(1, code);
    }

    [Theory]
    [InlineData("Gateway:Address", "somewhere")]
    [InlineData("Gateway:WebPort", "70000")]
    [InlineData("Ingest:Window", "0")]
    [InlineData("Ingest:MaxFuture", "soon")]
    [InlineData("Gateway:GrpcPort", "any")]
    public async Task Run_OptionIsWrong_EndsWithOneInsteadOfStarting(string key, string value) =>
        Assert.Equal(1, await TestGateway.Build(new FakeCluster(), (key, value)).RunGatewayAsync());

    [Theory]
    [InlineData("Gateway:WebPort", "70000", "Gateway:WebPort is '70000', but it must be between 0 and 65535")]
    [InlineData("Ingest:RetryLimit", "1.00:00:00", "Ingest:RetryLimit is '1.00:00:00', but it must be between 00:00:00 and 00:10:00")]
    [InlineData("Gateway:Address", "somewhere", "Gateway:Address is 'somewhere', expected an IP address such as 127.0.0.1, 0.0.0.0 or ::")]
    public async Task OptionNames_WrongValue_IsToldByTheKeyOfTheConfiguration(string key, string value, string expected)
    {
        await using var app = TestGateway.Build(new FakeCluster(), (key, value));

        var invalid = Assert.Throws<OptionsValidationException>(() => app.Services.GetRequiredService<IStartupValidator>().Validate());

        Assert.Equal([expected], OptionNames.Describe(invalid, app.Configuration));
    }

    [Fact]
    public async Task OptionNames_MistypedKey_IsToldWithTheNearestOne()
    {
        await using var app = TestGateway.Build(
            new FakeCluster(),
            ("Ingest:Windw", "5"),
            ("ingest:window", "5"),
            ("Ingest:Quotas:meters:PointPerSecond", "5"),
            ("Ingest:Quotas:meters:BurstPoints", "5"),
            ("Partitions:Nothing", "1"),
            ("Elsewhere:Windw", "5"));

        Assert.Equal(
            [
                "Ingest:Quotas:meters:PointPerSecond; did you mean 'Ingest:Quotas:meters:PointsPerSecond'?",
                "Ingest:Windw; did you mean 'Ingest:Window'?",
                "Partitions:Nothing",
            ],
            OptionNames.FindUnknown(app.Configuration, typeof(GatewayOptions).Assembly).Order());
    }

    [Theory]
    [InlineData(true, "--demo", "--help")]
    [InlineData(true, "-h")]
    [InlineData(false, "--demo", "--Gateway:WebPort=0")]
    public void Usage_IsWanted_WhenAskedFor(bool expected, params string[] arguments) => Assert.Equal(expected, Usage.IsWanted(arguments));

    private static async Task<JsonElement> GetAsync(TestGateway gateway, string path) =>
        await gateway.Web.GetFromJsonAsync<JsonElement>(path, gateway.Token);
}
