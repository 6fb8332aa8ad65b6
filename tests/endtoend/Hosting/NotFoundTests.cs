using System.Net;
using Monitoring.Infrastructure;

namespace Monitoring.Hosting;

public sealed class NotFoundTests(SharedGateway gateway) : IClassFixture<SharedGateway>
{
    [Theory]
    [InlineData("/nope", "en", "There is nothing here")]
    [InlineData("/nope/deeper", "zh-CN", "这里什么也没有")]
    public async Task Get_MistypedPage_ShowsTheConsolesNotFoundPage(string address, string language, string title)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        request.Headers.Accept.ParseAdd("text/html");
        request.Headers.AcceptLanguage.ParseAdd(language);

        using var answer = await gateway.Process.Http.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        var page = WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Contains(title, page, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/nope", "*/*")]
    [InlineData("/v1/nope", "text/html")]
    public async Task Get_MistypedAddressOfAProgram_ShowsNoPage(string address, string accept)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        request.Headers.Accept.ParseAdd(accept);

        using var answer = await gateway.Process.Http.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.NotEqual("text/html", answer.Content.Headers.ContentType?.MediaType);
    }
}
