using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Monitoring.Infrastructure;

namespace Monitoring.Gateway.Hosting;

public sealed class JsonRequestTests
{
    [Theory]
    [InlineData("""{"yaml": 5}""", "yaml is the number 5, expected a string; see /docs")]
    [InlineData("""{"dryRun": "yes"}""", "dryRun is the string \"yes\", expected true or false; see /docs")]
    [InlineData("""{"content": {"indicators": {}}}""", "content.indicators is an object, expected an array; see /docs")]
    [InlineData("""{"content": {"indicators": [{}, {"code": ["a"]}]}}""", "content.indicators[1].code is an array, expected a string")]
    [InlineData("""{"content": {"indicators": [{"resolutionMs": "ten"}]}}""", "resolutionMs is the string \"ten\", expected a number")]
    [InlineData("""{"content": {"indicators": [{"statistic": "MEAN"}]}}""", "statistic is the string \"MEAN\", expected STATISTIC_SUM, ")]
    public async Task Rest_ValueIsOfAnotherKind_SaysWhereAndWhatIsExpected(string body, string fragment)
    {
        await using var gateway = await TestGateway.StartAsync();

        var answer = await gateway.Web.PostAsync(
            "/v1/dictionary:apply", new StringContent(body, System.Text.Encoding.UTF8, "application/json"), gateway.Token);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        var message = (await answer.Content.ReadFromJsonAsync<JsonElement>(gateway.Token)).GetProperty("message").GetString();
        Assert.Contains(fragment, message, StringComparison.Ordinal);
    }
}
