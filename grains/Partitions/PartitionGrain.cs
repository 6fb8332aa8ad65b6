using System.Collections.Immutable;
using System.Data.Common;
using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Monitoring.Indicators;
using Monitoring.LatePoints;
using Monitoring.Placement;
using Monitoring.RawPoints;
using Orleans.Concurrency;

namespace Monitoring.Partitions;

/// <summary>Hosts one partition: a <see cref="PartitionActivation"/> for as long as the grain is active.</summary>
[GrainType("partition"), PartitionPlacement, KeepAlive, Reentrant] // One loop appends and one applies, in the order of the journal; see IPartitionGrain.
internal sealed partial class PartitionGrain(
    PartitionActivationFactory factory, LocalPartitions neighbours, PartitionHealth health, IOptions<PartitionOptions> options, TimeProvider clock,
    ILogger<PartitionGrain> logger)
    : Grain, IPartitionGrain, IDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private PartitionActivation _activation = null!;
    private Task _announcement = Task.CompletedTask;
    private LocalPartition _place = null!;
    private Task? _closing;
    private bool _hasFailed;

    private int Partition => (int)this.GetPrimaryKeyLong();

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        if (Partition >= options.Value.Count)
        {
            throw new InvalidOperationException($"There is no partition {Partition}: the cluster has {options.Value.Count}.");
        }

        if (neighbours.IsStopping)
        {
            throw new PartitionClosedException(Partition); // Another silo takes it as soon as this one is seen to stop.
        }

        _activation = await factory.LoadAsync(Partition, StepDown, _stopping.Token, cancellationToken);
        health.OnWorked(Partition, PartitionDuty.Start);
        LogStarted(Partition, _activation.Epoch, _activation.NodeCount, _activation.EntriesToReplay);
        _activation.Start();
        _announcement = AnnounceReplayAsync();
        _place = new LocalPartition(Partition, clock.GetTimestamp());
        neighbours.Add(_place);
        _ = FollowAsync();
        this.RegisterGrainTimer(_ => _activation.TickAsync(), new GrainTimerCreationOptions(options.Value.TickInterval, options.Value.TickInterval)
        {
            Interleave = true, // A tick only posts to the mailbox; the journal orders it.
        });
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        await (_closing ??= CloseAsync(cancellationToken));
        neighbours.Remove(_place);
        _activation.Close(new PartitionClosedException(Partition));
        await _stopping.CancelAsync();
        await _activation.Ended;
        await _announcement;
        await Task.WhenAny(_activation.BackgroundWrites); // The next activation would load what is about to change.
        health.Forget(Partition);
        _place.OnLeft();
    }

    public void Dispose() => _stopping.Dispose();

    public async Task<ImmutableArray<PointDeliveryResult>> DeliverManyAsync(
        ImmutableArray<PointDelivery> deliveries, CancellationToken cancellationToken = default)
    {
        await _activation.AdoptAsync(deliveries.Max(delivery => delivery.DictionaryVersion), cancellationToken);
        var answers = new Task<PointDeliveryResult>?[deliveries.Length];
        for (var index = 0; index < answers.Length; index++)
        {
            // What follows one that found no room would only leave a gap.
            var isBehindRefused = index > 0
                && deliveries[index].Source == deliveries[index - 1].Source
                && answers[index - 1] is null or { IsFaulted: true };
            answers[index] = isBehindRefused ? null : _activation.Mailbox.PostAsync(deliveries[index]);
        }

        // Once something waits, its answer must be awaited.
        await Task.WhenAll(answers.OfType<Task>())
            .ConfigureAwait(ConfigureAwaitOptions.ContinueOnCapturedContext | ConfigureAwaitOptions.SuppressThrowing);
        return ImmutableCollectionsMarshal.AsImmutableArray(Array.ConvertAll(answers, ToResult));

        static PointDeliveryResult ToResult(Task<PointDeliveryResult>? answer) =>
            answer is null or { Exception.InnerException: PartitionBusyException }
                ? new PointDeliveryResult { Status = DeliveryStatus.Busy }
                : answer.GetAwaiter().GetResult();
    }

    public async Task<ImmutableArray<PointDeliveryResult>> DeliverPointsAsync(
        ImmutableArray<PointDelivery> deliveries, CancellationToken cancellationToken = default)
    {
        var results = await DeliverManyAsync(deliveries, cancellationToken);
        var busy = results.Count(result => result.Status == DeliveryStatus.Busy);
        return busy == 0 ? results : throw new PartitionBusyException(deliveries[^busy..].Sum(delivery => delivery.Nodes.Length));
    }

    public Task<long> OpenSourceAsync(string source, long epoch, CancellationToken cancellationToken = default) =>
        _activation.Mailbox.OpenSourceAsync(source, epoch);

    public async Task<DeliveryStatus> DeliverContributionsAsync(ContributionDelivery delivery, CancellationToken cancellationToken = default)
    {
        await _activation.AdoptAsync(delivery.DictionaryVersion, cancellationToken);
        return await _activation.Mailbox.PostAsync(delivery);
    }

    public Task<long> OpenSenderAsync(int sender, long epoch, CancellationToken cancellationToken = default) =>
        _activation.Mailbox.OpenSenderAsync(sender, epoch);

    public Task AdoptDictionaryAsync(long version, CancellationToken cancellationToken = default) =>
        _activation.AdoptAsync(version, cancellationToken).AsTask();

    public async Task<ImmutableArray<NodeReading>> ReadNodesAsync(ImmutableArray<NodeKey> keys, CancellationToken cancellationToken = default)
    {
        await _activation.Applier.Replayed.WaitAsync(cancellationToken);
        return await QueryAsync(() => _activation.Queries.ReadAsync(keys, _activation.Dictionary));
    }

    public async Task<ImmutableArray<NodeKey>> ListNodesAsync(NodeSelection selection, CancellationToken cancellationToken = default)
    {
        await _activation.Applier.Replayed.WaitAsync(cancellationToken);
        return _activation.Queries.List(selection, _activation.Dictionary);
    }

    public async Task<int> CountNodesAsync(string code, CancellationToken cancellationToken = default)
    {
        await _activation.Applier.Replayed.WaitAsync(cancellationToken);
        return _activation.Queries.Count(code, _activation.Dictionary);
    }

    public async Task<ImmutableArray<Bucket>> ReadHistoryAsync(HistoryQuery query, CancellationToken cancellationToken = default)
    {
        await _activation.Applier.Replayed.WaitAsync(cancellationToken);
        return await QueryAsync(() => _activation.Queries.ReadHistoryAsync(query, _activation.Dictionary));
    }

    public async Task<LatePage> ListLateAsync(LateSelection selection, CancellationToken cancellationToken = default)
    {
        await _activation.Applier.Replayed.WaitAsync(cancellationToken);
        return await QueryAsync(() => _activation.LatePoints.ListAsync(selection, cancellationToken));
    }

    public async Task<ImmutableArray<ReinjectStatus>> ReinjectLateAsync(ImmutableArray<LateId> ids, CancellationToken cancellationToken = default)
    {
        await _activation.Applier.Replayed.WaitAsync(cancellationToken);
        return await _activation.LatePoints.ReinjectAsync(ids, cancellationToken);
    }

    public Task RequestSharesAsync(ImmutableArray<ShareRequest> requests, CancellationToken cancellationToken = default) =>
        _activation.Mailbox.RequestSharesAsync(requests);

    public async Task<ImmutableArray<Correction>> ListCorrectionsAsync(CorrectionQuery query, CancellationToken cancellationToken = default)
    {
        await _activation.Applier.Replayed.WaitAsync(cancellationToken);
        return await QueryAsync(() => _activation.Queries.ListCorrectionsAsync(query));
    }

    public Task SettleAsync(CancellationToken cancellationToken = default) => _activation.SettleAsync(cancellationToken);

    /// <summary>Answers from memory that is still to be trusted when the answer is complete.</summary>
    private async Task<T> QueryAsync<T>(Func<Task<T>> query)
    {
        try
        {
            var answer = await query();
            return _activation.Mailbox.IsClosed ? throw new PartitionClosedException(Partition) : answer;
        }
        catch (NodeStateLostException lost)
        {
            StepDown(lost);
            throw new PartitionClosedException(Partition);
        }
    }

    /// <summary>Closes and leaves when the silo wants it; runs between the turns of the grain.</summary>
    private async Task FollowAsync()
    {
        await _place.MustClose;
        using var limit = new CancellationTokenSource(options.Value.CloseTimeout, clock);
        await (_closing ??= CloseAsync(limit.Token));
        _place.OnClosed();
        await _place.MustLeave;
        MigrateOnIdle();
    }

    private async Task CloseAsync(CancellationToken cancellationToken)
    {
        if (_hasFailed)
        {
            return;
        }

        try
        {
            await _activation.CloseGracefullyAsync(cancellationToken);
        }
        catch (Exception exception)
        {
            LogLastCheckpointFailed(exception, Partition);
        }
    }

    private async Task AnnounceReplayAsync()
    {
        var started = clock.GetTimestamp();
        await Task.WhenAny(_activation.Applier.Replayed);
        if (!_activation.Applier.Replayed.IsCompletedSuccessfully)
        {
            return;
        }

        health.OnWorked(Partition, PartitionDuty.Apply);
        if (_activation.EntriesToReplay > 0)
        {
            var elapsed = clock.GetElapsedTime(started);
            LogReplayed(Partition, _activation.EntriesToReplay, elapsed);
        }
    }

    /// <summary>Memory is not to be trusted any more, or no longer ours: the next activation recovers from what is stored.</summary>
    private void StepDown(Exception reason)
    {
        if (_hasFailed)
        {
            return;
        }

        _hasFailed = true;
        LogSteppedDown(reason, Partition, _activation.Epoch);
        if (reason is not (TryAgainException or DbException or OperationCanceledException))
        {
            // What failed is in the journal, and will fail again.
            health.OnFailed(Partition, PartitionDuty.Apply, reason);
        }

        _activation.Close(reason);
        DeactivateOnIdle();
    }
}

/// <summary>The partition is moving or stopping; try again.</summary>
[GenerateSerializer, Alias("monitoring.partition-closed")]
public sealed class PartitionClosedException(int partition) : TryAgainException($"Partition {partition} is stopping; try again.");

/// <summary>The journal takes too long to become durable; what was sent may be durable in the end. Try again.</summary>
[GenerateSerializer, Alias("monitoring.journal-held-up")]
public sealed class JournalHeldUpException(int partition)
    : TryAgainException($"Partition {partition} cannot write to its journal now; try again.");

/// <summary>Too many points wait already; try again.</summary>
[GenerateSerializer, Alias("monitoring.partition-busy")]
public sealed class PartitionBusyException(int points) : TryAgainException($"There is no room for {points} points now; try again.");
