using System.Diagnostics;
using System.Globalization;
using Grpc.Net.Client;
using Monitoring.Gateway;
using Monitoring.Pushing;
using Monitoring.Storage;
using Monitoring.Tree;

namespace Monitoring.Replay;

/// <summary>
/// Journals points, kills the process and measures how long the next one takes until the root of the tree holds every acknowledged point
/// again. Then stops that one in good order and measures a start that has nothing to replay, however much is stored.
/// </summary>
internal sealed class ReplayScenario(ReplayOptions options)
{
    private const int BatchPoints = 1_000;
    private static readonly string[] _noCheckpoints =
    [
        "--Partitions:CheckpointInterval=01:00:00",
        "--Partitions:NodeIdleTime=02:00:00",
        "--Partitions:CheckpointJournalBytes=10000000000",
    ];
    private static readonly TimeSpan _stopLimit = TimeSpan.FromMinutes(5);

    // The first points of leaves, which bind their handles, are of now.
    private readonly TimeSpan _span = options.Spread + TimeSpan.FromDays(1);

    /// <summary>Runs it and prints the report.</summary>
    /// <returns>0 when the totals are right, otherwise 1.</returns>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        await using var server = options.Storage == "postgresql" ? await PostgreSqlServer.StartAsync() : null;
        var connectionString = server is null ? string.Empty : await server.CreateDatabaseAsync();
        string[] arguments = [$"--Storage:ConnectionString={connectionString}", .. options.Checkpoints ? [] : _noCheckpoints];
        await using var gateway = await GatewayProcess.StartAsync(cancellationToken, arguments);
        var sent = await SendAsync(gateway, cancellationToken);

        await gateway.KillAsync();
        var (replayReady, replayed) = await StartAsync(gateway, sent, cancellationToken);

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(_stopLimit);
        var stopping = Stopwatch.GetTimestamp();
        await gateway.InterruptAsync(limit.Token);
        var stopped = Stopwatch.GetElapsedTime(stopping);
        var (plainReady, plain) = await StartAsync(gateway, sent, cancellationToken);

        var isCorrect = replayed is not null && plain is not null;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"""
            replay of {sent.Count:N0} points of {options.Leaves:N0} leaves, {options.Storage}, {Environment.ProcessorCount} cores
              start after kill -9: ready       {replayReady.TotalSeconds,8:F2} s
                root holds everything          {replayed?.TotalSeconds ?? double.NaN,8:F2} s
              stop with a last checkpoint      {stopped.TotalSeconds,8:F2} s
              start after that: ready          {plainReady.TotalSeconds,8:F2} s
                root holds everything          {plain?.TotalSeconds ?? double.NaN,8:F2} s
              replay of a million points       {(replayed - plain)?.TotalSeconds / sent.Count * 1_000_000 ?? double.NaN,8:F2} s
              totals                           {(isCorrect ? "correct" : "WRONG"),8}
            """));
        if (!isCorrect)
        {
            await Console.Error.WriteLineAsync(gateway.Output);
        }

        return isCorrect ? 0 : 1;
    }

    private async Task<Totals> SendAsync(GatewayProcess gateway, CancellationToken cancellationToken)
    {
        using var channel = GrpcChannel.ForAddress(gateway.GrpcAddress);
        var tree = new TreeShape(options.Leaves);
        await TreeShape.ApplyAsync(channel, tree.Dictionary, cancellationToken);
        var stream = await LoadStream.OpenAsync(gateway.GrpcAddress, "replay.source", cancellationToken);
        var pool = new PointPool(options.Leaves, BatchPoints, (long)options.Spread.TotalMilliseconds, seed: 1);
        var load = new LeafLoad(stream, tree, pool, first: 0, TimeProvider.System);
        await load.BindAsync(cancellationToken);
        await load.SendAsync(options.Points / BatchPoints, cancellationToken);
        await stream.DrainAsync(cancellationToken);
        await stream.DisposeAsync();
        return load.Sent;
    }

    /// <summary>Times from the start of the process: until it is ready, and until the root holds what was sent; null when it does not.</summary>
    private async Task<(TimeSpan Ready, TimeSpan? Whole)> StartAsync(GatewayProcess gateway, Totals sent, CancellationToken cancellationToken)
    {
        var began = Stopwatch.GetTimestamp();
        await gateway.StartAgainAsync(cancellationToken);
        var ready = Stopwatch.GetElapsedTime(began);
        using var channel = GrpcChannel.ForAddress(gateway.GrpcAddress);
        var holds = await RootTotals.HoldAsync(channel, _span, sent, cancellationToken);
        return (ready, holds ? Stopwatch.GetElapsedTime(began) : null);
    }
}
