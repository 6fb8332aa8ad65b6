using Grpc.Net.Client;
using Monitoring.Chaos.Input;
using Monitoring.Chaos.Oracle;
using Monitoring.Chaos.Producers;
using Monitoring.Chaos.Watching;

namespace Monitoring.Chaos.Audit;

/// <summary>How the centre compares, once the load is over, with what it must hold and must have told.</summary>
internal sealed record Reckoning
{
    /// <summary>What it must hold.</summary>
    public required ExpectedTree Expected { get; init; }

    /// <summary>Time until the root held everything.</summary>
    public required TimeSpan Settle { get; init; }

    /// <summary>How its nodes differ.</summary>
    public required NodeVerdict Nodes { get; init; }

    /// <summary>How its alerts differ.</summary>
    public required AlertVerdict Alerts { get; init; }

    /// <summary>Nodes whose present value differs.</summary>
    public required long UnequalValues { get; init; }

    /// <summary>Transitions in the log of everything.</summary>
    public required long Transitions { get; init; }

    /// <summary>Rules on nodes whose last state follows from the input, and those of which it does not.</summary>
    public required (long Decided, long Undecided) Rules { get; init; }

    /// <summary>Reads and compares everything.</summary>
    public static async Task<Reckoning> OfAsync(
        SourceInput input,
        IReadOnlyCollection<SourceLedger> ledgers,
        AlertDesk desk,
        IReadOnlyCollection<GrpcChannel> gateways,
        CancellationToken cancellationToken)
    {
        var expected = ExpectedTree.Of(input, [.. ledgers.Select(ledger => ledger.Acknowledged)]);
        var reader = new CentreReader([.. gateways.Select(channel => new Protocol.V1.Indicators.IndicatorsClient(channel))]);
        var nodes = new NodeAudit(reader, expected, input.Shape);
        var alerts = new AlertAudit(desk, reader, expected, input.Shape);
        return new Reckoning
        {
            Expected = expected,
            Settle = await nodes.SettleAsync(cancellationToken),
            Nodes = await nodes.RunAsync(cancellationToken),
            Alerts = await alerts.RunAsync(cancellationToken),
            UnequalValues = alerts.UnequalValues,
            Transitions = alerts.Transitions,
            Rules = alerts.Rules,
        };
    }
}
