using System.Collections.Immutable;
using System.Diagnostics;
using Grpc.Core;
using Grpc.Net.Client;
using Monitoring.Chaos.Audit;
using Monitoring.Chaos.Faults;
using Monitoring.Chaos.Input;
using Monitoring.Chaos.Processes;
using Monitoring.Chaos.Producers;
using Monitoring.Chaos.Reporting;
using Monitoring.Chaos.Watching;
using Monitoring.Protocol.V1;

namespace Monitoring.Chaos;

/// <summary>One run against one centre: load and faults, then the reckoning.</summary>
internal sealed class ChaosRun(ChaosOptions options, Centre centre, Action<string> tell) : IDisposable
{
    private const int MeasuredBatchPoints = 1_000;
    private static readonly TimeSpan _measuredTime = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan _drainLimit = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan _progressInterval = TimeSpan.FromSeconds(10);

    private readonly GrpcChannel[] _channels = [.. centre.Gateways.Select(GatewayChannel.Open)];

    /// <summary>Runs it.</summary>
    /// <param name="rate">Points in a second.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<ChaosReport> RunAsync(int rate, CancellationToken cancellationToken)
    {
        var shape = ShapeOf(rate);
        await ApplyDictionaryAsync(shape, cancellationToken);
        var input = new SourceInput(shape);
        var ledgers = Ledgers(shape);
        var desk = new AlertDesk([.. _channels.Select(channel => new Alerts.AlertsClient(channel))]);
        var memory = new MemorySampler(centre);
        using var faults = new FaultRunner(centre, PlanFaults(), options.Duration, tell);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var watching = desk.RunAsync(ending.Token);
        var sampling = memory.RunAsync(ending.Token);

        var began = Stopwatch.GetTimestamp();
        var elapsed = await LoadAsync(input, ledgers, faults, began, cancellationToken);
        tell("load is over; comparing");
        var reckoning = await Reckoning.OfAsync(input, ledgers, desk, _channels, cancellationToken);
        await ending.CancelAsync();
        await Task.WhenAll(watching, sampling);

        var records = faults.Records;
        return Report(shape, ledgers, reckoning) with
        {
            PointsPerSecond = Math.Round(reckoning.Expected.Points / elapsed.TotalSeconds),
            Kills = records.Count(record => record.Fault.Kind is FaultKind.KillDatabase or FaultKind.KillGateway or FaultKind.KillSilo),
            Fallen = centre.Fallen,
            Faults = FaultSummary.Of(records, ledgers, began),
            Memory = memory.Trends(),
        };
    }

    /// <summary>Finds how many points in a second are acknowledged when nothing holds the sources back.</summary>
    public async Task<double> MeasureAsync(CancellationToken cancellationToken)
    {
        var shape = ShapeOf(MeasuredBatchPoints * options.Sources * 1_000 / (int)InputShape.IntervalMs);
        await ApplyDictionaryAsync(shape, cancellationToken);
        var input = new SourceInput(shape);
        var ledgers = Ledgers(shape);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(_measuredTime);
        var began = Stopwatch.GetTimestamp();
        try
        {
            await PushAsync(input, ledgers, isPaced: false, began, limit.Token);
        }
        catch (Exception exception) when (limit.IsCancellationRequested && !cancellationToken.IsCancellationRequested
            && exception is OperationCanceledException or RpcException { StatusCode: StatusCode.Cancelled })
        {
            // The time is up.
        }

        var rate = ledgers.Sum(ledger => ledger.Acknowledged) * shape.BatchPoints / Stopwatch.GetElapsedTime(began).TotalSeconds;
        tell($"{rate:N0} points/s unhindered");
        return rate;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var channel in _channels)
        {
            channel.Dispose();
        }
    }

    private ChaosReport Report(InputShape shape, SourceLedger[] ledgers, Reckoning reckoning) => new()
    {
        Seed = shape.Seed,
        Minutes = Math.Round(shape.Duration.TotalMinutes, 2),
        Storage = options.Storage,
        Silos = options.Silos,
        Gateways = options.Gateways,
        Leaves = shape.Leaves,
        Sources = shape.Sources,
        Rate = shape.Rate,
        Acknowledged = reckoning.Expected.Points,
        UnacknowledgedBatches = ledgers.Sum(ledger => ledger.Batches - ledger.Acknowledged),
        Duplicates = ledgers.Sum(ledger => ledger.Duplicates),
        Rejected = ledgers.Sum(ledger => ledger.Rejected),
        Unaccounted = ledgers.Sum(ledger => ledger.Unaccounted + (ledger.Complaints.Count > 0 ? 1 : 0)),
        Lost = reckoning.Nodes.Lost,
        // A point that was accepted twice was counted twice, wherever it went.
        Doubled = Math.Max(reckoning.Nodes.Doubled, ledgers.Sum(ledger => ledger.Accepted) - reckoning.Expected.Points),
        UnequalNodes = Math.Max(reckoning.Nodes.Unequal, reckoning.UnequalValues),
        Nodes = reckoning.Nodes.Nodes,
        Transitions = reckoning.Transitions,
        AlertGaps = reckoning.Alerts.Gaps,
        AlertRepeats = reckoning.Alerts.Repeats,
        RulesDecided = reckoning.Rules.Decided,
        RulesUndecided = reckoning.Rules.Undecided,
        Streams = ledgers.Sum(ledger => ledger.Streams),
        LongestStall = Math.Round(ledgers.Max(LongestGap).TotalSeconds, 2),
        SettleSeconds = Math.Round(reckoning.Settle.TotalSeconds, 2),
        Examples = [.. ledgers.SelectMany(ledger => ledger.Complaints), .. reckoning.Nodes.Examples, .. reckoning.Alerts.Examples],
    };

    private static TimeSpan LongestGap(SourceLedger ledger)
    {
        var longest = TimeSpan.Zero;
        for (var index = 1; index < ledger.Arrivals.Count; index++)
        {
            var gap = Stopwatch.GetElapsedTime(ledger.Arrivals[index - 1].At, ledger.Arrivals[index].At);
            longest = gap > longest ? gap : longest;
        }

        return longest;
    }

    private ImmutableArray<Fault> PlanFaults() => options.Soak
        ? []
        : FaultPlan.Create(new FaultPlanRequest(
            options.Seed, options.Duration, options.KillEvery, options.Silos, options.Gateways, HasDatabase: options.Storage == "postgresql", options.Cuts));

    private async Task ApplyDictionaryAsync(InputShape shape, CancellationToken cancellationToken)
    {
        var client = new Protocol.V1.Dictionary.DictionaryClient(_channels[0]);
        var applied = await client.ApplyAsync(
            new ApplyDictionaryRequest { Yaml = new ChaosDictionary(shape).Yaml, FileName = "chaos.yaml" }, cancellationToken: cancellationToken);
        if (!applied.Applied)
        {
            throw new InvalidOperationException($"The dictionary was not applied: {applied}");
        }
    }

    /// <summary>Sends everything while faults happen, and waits until all is acknowledged.</summary>
    /// <returns>Time until the last acknowledgement.</returns>
    private async Task<TimeSpan> LoadAsync(
        SourceInput input, SourceLedger[] ledgers, FaultRunner faults, long began, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(options.Duration + _drainLimit);
        var pushing = PushAsync(input, ledgers, isPaced: true, began, limit.Token);
        var progress = TellProgressAsync(ledgers, input.Shape, began, pushing);
        await faults.RunAsync(began, cancellationToken);
        try
        {
            await pushing;
            await progress;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            tell($"sources gave up {_drainLimit.TotalMinutes} min after the load");
        }

        return Stopwatch.GetElapsedTime(began, ledgers.Max(ledger => ledger.Arrivals.Count == 0 ? began : ledger.Arrivals[^1].At));
    }

    private Task PushAsync(SourceInput input, SourceLedger[] ledgers, bool isPaced, long began, CancellationToken cancellationToken)
    {
        Ingest.IngestClient[] gateways = [.. _channels.Select(channel => new Ingest.IngestClient(channel))];
        return Task.WhenAll(ledgers.Select(ledger =>
            new ChaosSource(input, ledger, gateways, new ResendHabit(options.Resent), isPaced).RunAsync(began, cancellationToken)).ToArray());
    }

    private static SourceLedger[] Ledgers(InputShape shape) =>
        [.. Enumerable.Range(0, shape.Sources).Select(source => new SourceLedger(source, shape.Batches))];

    private InputShape ShapeOf(int rate) => new()
    {
        Seed = options.Seed,
        Sources = options.Sources,
        Leaves = options.Leaves,
        Rate = rate,
        Duration = options.Duration,
        LatePercent = options.Late,
        CorrectedPercent = options.Corrected,
        Start = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds(),
    };

    private async Task TellProgressAsync(SourceLedger[] ledgers, InputShape shape, long began, Task pushing)
    {
        while (!pushing.IsCompleted)
        {
            await Task.WhenAny(pushing, Task.Delay(_progressInterval, TimeProvider.System, CancellationToken.None));
            var acknowledged = ledgers.Min(ledger => ledger.Acknowledged);
            var lag = Stopwatch.GetElapsedTime(began) - TimeSpan.FromMilliseconds(acknowledged * InputShape.IntervalMs);
            var points = ledgers.Sum(ledger => ledger.Acknowledged) * shape.BatchPoints;
            tell($"{points:N0} points acknowledged, {Math.Max(0, lag.TotalSeconds):N1} s behind");
        }
    }
}
