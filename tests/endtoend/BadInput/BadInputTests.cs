using Grpc.Core;
using Monitoring.Infrastructure;
using Monitoring.Protocol.V1;

namespace Monitoring.BadInput;

public sealed class BadInputTests(SharedGateway gateway) : IClassFixture<SharedGateway>
{
    private static readonly Dictionary<string, Action<Point>> _mistakes = new(StringComparer.Ordinal)
    {
        ["unknown indicator"] = point => point.Indicator = "test.unknown",
        ["path too deep"] = point => point.Path = "a/b/c",
        ["empty part"] = point => point.Path = "a//b",
        ["over-long part"] = point => point.Path = "a/" + new string('x', 101),
        ["NaN"] = point => point.Value = double.NaN,
        ["infinite"] = point => point.Value = double.NegativeInfinity,
        ["far future"] = point => point.TimeUnixMs += (long)TimeSpan.FromDays(400).TotalMilliseconds,
        ["no time"] = point => point.TimeUnixMs = 0,
        ["unknown handle"] = point => (point.Indicator, point.Path, point.Handle) = (string.Empty, string.Empty, 77),
    };

    [Theory]
    [InlineData("unknown indicator", RejectionReason.UnknownIndicator)]
    [InlineData("path too deep", RejectionReason.InvalidPath)]
    [InlineData("empty part", RejectionReason.InvalidPath)]
    [InlineData("over-long part", RejectionReason.InvalidPath)]
    [InlineData("NaN", RejectionReason.InvalidValue)]
    [InlineData("infinite", RejectionReason.InvalidValue)]
    [InlineData("far future", RejectionReason.InvalidTime)]
    [InlineData("no time", RejectionReason.InvalidTime)]
    [InlineData("unknown handle", RejectionReason.UnknownHandle)]
    public async Task Push_BadPoint_IsRejectedAndTheRestOfItsBatchCounts(string mistake, RejectionReason reason)
    {
        var place = mistake.Replace(' ', '-');
        var bad = PushStream.Good($"bad/{place}", 1_000_000);
        _mistakes[mistake](bad);
        var (stream, _) = await PushStream.OpenAsync(gateway.Clients.Ingest, $"bad.{place.ToLowerInvariant()}");
        using var open = stream;

        await stream.SendAsync(1, PushStream.Good($"bad/{place}", 3), bad, PushStream.Good($"bad/{place}", 4));
        var ack = await stream.AcknowledgedAsync(1);

        var rejection = Assert.Single(ack.Rejections);
        Assert.Equal((1UL, 1U, reason), (rejection.Sequence, rejection.Index, rejection.Reason));
        Assert.NotEmpty(rejection.Message);
        Assert.Equal(2UL, ack.Accepted);
        await Eventually.BecomesAsync(() => gateway.Clients.TotalAsync($"bad/{place}"), now => now == new NodeTotal(2, 7, 3, 4));
    }

    [Theory]
    [InlineData("gap", 3UL)]
    [InlineData("back", 1UL)]
    public async Task Push_SequenceOutOfOrder_EndsTheStreamAndLosesNothing(string name, ulong second)
    {
        var (stream, _) = await PushStream.OpenAsync(gateway.Clients.Ingest, $"sequence.{name}");
        using var open = stream;

        await stream.SendAsync(1, PushStream.Good($"sequence/{name}", 1));
        await stream.AcknowledgedAsync(1);
        await stream.SendAsync(second, PushStream.Good($"sequence/{name}", 100));

        var end = await stream.EndAsync();
        Assert.Equal(StatusCode.InvalidArgument, end.StatusCode);
        Assert.Contains("expected 2", end.Detail, StringComparison.Ordinal);
        var total = await Eventually.BecomesAsync(() => gateway.Clients.TotalAsync($"sequence/{name}"), now => now.Count > 0);
        Assert.Equal(new NodeTotal(1, 1, 1, 1), total);
    }

    [Fact]
    public async Task Push_FirstBatchLeavesAGap_EndsTheStream()
    {
        var (stream, welcome) = await PushStream.OpenAsync(gateway.Clients.Ingest, "sequence.first");
        using var open = stream;

        await stream.SendAsync(welcome.AcknowledgedSequence + 2, PushStream.Good("sequence/first", 1));

        Assert.Equal(StatusCode.InvalidArgument, (await stream.EndAsync()).StatusCode);
    }

    [Fact]
    public async Task Push_BatchTooLarge_EndsTheStream()
    {
        var (stream, welcome) = await PushStream.OpenAsync(gateway.Clients.Ingest, "large");
        using var open = stream;
        var points = Enumerable.Range(0, (int)welcome.MaxBatchPoints + 1).Select(_ => PushStream.Good("large/x", 1)).ToArray();

        await stream.SendAsync(1, points);

        var end = await stream.EndAsync();
        Assert.Equal(StatusCode.InvalidArgument, end.StatusCode);
        Assert.Contains($"{welcome.MaxBatchPoints}", end.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Push_SecondStreamOfTheSource_TakesOver()
    {
        var (first, _) = await PushStream.OpenAsync(gateway.Clients.Ingest, "twice");
        using var one = first;
        await first.SendAsync(1, PushStream.Good("twice/x", 1));
        await first.AcknowledgedAsync(1);

        var (second, welcome) = await PushStream.OpenAsync(gateway.Clients.Ingest, "twice");
        using var two = second;

        Assert.Equal(StatusCode.Aborted, (await first.EndAsync()).StatusCode);
        for (var sequence = welcome.AcknowledgedSequence + 1; sequence <= 2; sequence++)
        {
            await second.SendAsync(sequence, PushStream.Good("twice/x", 1));
        }

        await second.AcknowledgedAsync(2);
        await Eventually.BecomesAsync(() => gateway.Clients.TotalAsync("twice/x"), now => now == new NodeTotal(2, 2, 1, 1));
    }

    [Fact]
    public async Task Push_BatchBeforeHello_EndsTheStream()
    {
        using var stream = new PushStream(gateway.Clients.Ingest);

        await stream.SendAsync(1, PushStream.Good("early/x", 1));

        Assert.Equal(StatusCode.InvalidArgument, (await stream.EndAsync()).StatusCode);
    }

    [Fact]
    public async Task Push_MalformedSourceName_EndsTheStream()
    {
        using var stream = new PushStream(gateway.Clients.Ingest);

        await stream.SendAsync(new PushRequest { Hello = new Hello { Source = "No Such Name" } });

        Assert.Equal(StatusCode.InvalidArgument, (await stream.EndAsync()).StatusCode);
    }

    [Fact]
    public async Task Push_MistakesOfOthers_LeaveAStreamAlone()
    {
        var (stream, _) = await PushStream.OpenAsync(gateway.Clients.Ingest, "bystander");
        using var open = stream;
        await stream.SendAsync(1, PushStream.Good("bystander/x", 1));
        await stream.AcknowledgedAsync(1);

        await Push_BatchBeforeHello_EndsTheStream();
        await Push_BatchTooLarge_EndsTheStream();
        await Push_FirstBatchLeavesAGap_EndsTheStream();

        await stream.SendAsync(2, PushStream.Good("bystander/x", 2));
        Assert.Equal(1UL, (await stream.AcknowledgedAsync(2)).Accepted);
        await Eventually.BecomesAsync(() => gateway.Clients.TotalAsync("bystander/x"), now => now == new NodeTotal(2, 3, 1, 2));
    }

    [Theory]
    [InlineData("departments: [")]
    [InlineData("indicators:\n  - code: test.value\n    statistic: mode\n")]
    public async Task Apply_MalformedYaml_TellsWhereAndChangesNothing(string yaml)
    {
        var before = await gateway.Clients.Dictionary.GetAsync(
            new GetDictionaryRequest(), cancellationToken: TestContext.Current.CancellationToken);

        var response = await gateway.Clients.Dictionary.ApplyAsync(
            new ApplyDictionaryRequest { Yaml = yaml, FileName = "broken.yaml" }, cancellationToken: TestContext.Current.CancellationToken);

        Assert.False(response.Applied);
        Assert.NotEmpty(response.Mistakes);
        Assert.All(response.Mistakes, mistake => Assert.Equal("broken.yaml", mistake.File));
        Assert.All(response.Mistakes, mistake => Assert.True(mistake.Line > 0));
        Assert.Equal(before.Version, response.Version);
    }
}
