using System.Collections.Immutable;
using System.Reflection;
using Monitoring.Departments;
using Monitoring.Dictionary;
using Monitoring.Indicators;
using Monitoring.LatePoints;
using Monitoring.Partitions;
using Monitoring.RawPoints;

namespace Monitoring.Recovery;

/// <summary>Finds the actors of a <see cref="SimulatedCluster"/>.</summary>
public class SimulatedGrainFactory : DispatchProxy
{
    private SimulatedCluster _cluster = null!;

    internal static IGrainFactory Create(SimulatedCluster cluster)
    {
        var factory = Create<IGrainFactory, SimulatedGrainFactory>();
        ((SimulatedGrainFactory)(object)factory)._cluster = cluster;
        return factory;
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => args![0] switch
    {
        long number when targetMethod!.ReturnType == typeof(IPartitionGrain) => new SimulatedPartition(_cluster, (int)number),
        long when targetMethod!.ReturnType == typeof(IDictionaryGrain) => new SimulatedDictionary(_cluster),
        string department when targetMethod!.ReturnType == typeof(IDepartmentGrain) => new SimulatedDepartment(_cluster, department),
        string node when targetMethod!.ReturnType == typeof(IIndicatorGrain) => new SimulatedNode(_cluster, node),
        _ => throw new NotSupportedException(targetMethod!.ToString()),
    };
}

/// <summary>A partition behind a network.</summary>
internal sealed class SimulatedPartition(SimulatedCluster cluster, int number) : IPartitionGrain
{
    public Task<ImmutableArray<PointDeliveryResult>> DeliverManyAsync(
        ImmutableArray<PointDelivery> deliveries, CancellationToken cancellationToken = default) => CallAsync(async activation =>
        {
            var results = ImmutableArray.CreateBuilder<PointDeliveryResult>();
            foreach (var delivery in deliveries)
            {
                await activation.AdoptAsync(delivery.DictionaryVersion, CancellationToken.None);
                results.Add(await activation.Mailbox.PostAsync(delivery));
            }

            return results.ToImmutable();
        });

    public Task<ImmutableArray<PointDeliveryResult>> DeliverPointsAsync(
        ImmutableArray<PointDelivery> deliveries, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public Task<long> OpenSourceAsync(string source, long epoch, CancellationToken cancellationToken = default) =>
        CallAsync(activation => activation.Mailbox.OpenSourceAsync(source, epoch));

    public Task<DeliveryStatus> DeliverContributionsAsync(ContributionDelivery delivery, CancellationToken cancellationToken = default) =>
        CallAsync(async activation =>
        {
            await activation.AdoptAsync(delivery.DictionaryVersion, CancellationToken.None);
            return await activation.Mailbox.PostAsync(delivery);
        });

    public Task<long> OpenSenderAsync(int sender, long epoch, CancellationToken cancellationToken = default) =>
        CallAsync(activation => activation.Mailbox.OpenSenderAsync(sender, epoch));

    public Task AdoptDictionaryAsync(long version, CancellationToken cancellationToken = default) => CallAsync(async activation =>
    {
        await activation.AdoptAsync(version, CancellationToken.None);
        return true;
    });

    public Task<ImmutableArray<NodeKey>> ListNodesAsync(NodeSelection selection, CancellationToken cancellationToken = default) =>
        CallAsync(async activation =>
        {
            await activation.Applier.Replayed;
            return activation.Queries.List(selection, activation.Dictionary);
        });

    public Task<int> CountNodesAsync(string code, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public Task<ImmutableArray<Bucket>> ReadHistoryAsync(HistoryQuery query, CancellationToken cancellationToken = default) =>
        CallAsync(async activation =>
        {
            await activation.Applier.Replayed;
            var answer = await activation.Queries.ReadHistoryAsync(query, activation.Dictionary);
            return activation.Mailbox.IsClosed ? throw new PartitionClosedException(number) : answer;
        });

    public Task<ImmutableArray<NodeReading>> ReadNodesAsync(ImmutableArray<NodeKey> keys, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();

    public Task<LatePage> ListLateAsync(LateSelection selection, CancellationToken cancellationToken = default) =>
        CallAsync(async activation =>
        {
            await activation.Applier.Replayed;
            return await activation.LatePoints.ListAsync(selection, CancellationToken.None);
        });

    public Task<ImmutableArray<ReinjectStatus>> ReinjectLateAsync(ImmutableArray<LateId> ids, CancellationToken cancellationToken = default) =>
        CallAsync(async activation =>
        {
            await activation.Applier.Replayed;
            return await activation.LatePoints.ReinjectAsync(ids, CancellationToken.None);
        });

    public Task RequestSharesAsync(ImmutableArray<ShareRequest> requests, CancellationToken cancellationToken = default) =>
        CallAsync(async activation =>
        {
            if (cluster.OnlyReplays)
            {
                throw new TimeoutException("Nothing new is asked for.");
            }

            await activation.Mailbox.RequestSharesAsync(requests);
            return true;
        });

    public Task<ImmutableArray<Correction>> ListCorrectionsAsync(CorrectionQuery query, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();

    public Task SettleAsync(CancellationToken cancellationToken = default) => CallAsync(async activation =>
    {
        await activation.SettleAsync(CancellationToken.None);
        return true;
    });

    private async Task<T> CallAsync<T>(Func<PartitionActivation, Task<T>> call)
    {
        await cluster.PauseAsync();
        var answer = await call(await cluster.Lives.ActivationAsync(number));
        await cluster.PauseAsync();
        return answer;
    }
}

/// <summary>A node whose memory may be lost at any time.</summary>
internal sealed class SimulatedNode(SimulatedCluster cluster, string node) : IIndicatorGrain, INearNode, IWorkItemScheduler
{
    public IWorkItemScheduler Scheduler => this;

    public async ValueTask<NodeOutcome> ApplyAsync(NodeInput input)
    {
        await cluster.PauseAsync();
        var outcome = Apply(input);
        await cluster.PauseAsync();
        return input.Visit.Image is not null && outcome.IsApplied ? outcome with { Near = this } : outcome;
    }

    public NodeOutcome Apply(NodeInput input) => cluster.Memory.Of(node).Apply(input);

    public async void QueueAction(Action<object> action, object state)
    {
        await cluster.PauseAsync();
        action(state);
    }

    public void QueueAction(Action action) => throw new NotSupportedException();

    public void QueueTask(Task task) => throw new NotSupportedException();

    public async ValueTask<NodeReading?> ReadAsync(long epoch, long lastEntry, IndicatorDefinition definition, long now)
    {
        await cluster.PauseAsync();
        return cluster.Memory.Of(node).Read(epoch, lastEntry, definition, now);
    }

    public async ValueTask<BucketRow[]?> ReadBucketsAsync(long epoch, long lastEntry, long start, long end)
    {
        await cluster.PauseAsync();
        return cluster.Memory.Of(node).ReadBuckets(epoch, lastEntry, start, end);
    }

    public async ValueTask<BucketRow[]?> ReadDaysAsync(long epoch, long lastEntry, long start, long end)
    {
        await cluster.PauseAsync();
        return cluster.Memory.Of(node).ReadDays(epoch, lastEntry, start, end);
    }

    public async ValueTask<NodeCheckpoint?> TakeCheckpointAsync(NodeVisit visit)
    {
        await cluster.PauseAsync();
        return cluster.Memory.Of(node).TakeCheckpoint(visit);
    }
}

/// <summary>The dictionary, which never fails.</summary>
internal sealed class SimulatedDictionary(SimulatedCluster cluster) : IDictionaryGrain
{
    public Task<ApplyResult> ApplyAsync(DictionaryChange change, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public Task<DictionarySnapshot> GetAsync(CancellationToken cancellationToken = default) => Task.FromResult(cluster.Dictionaries[^1]);

    public Task<DictionarySnapshot?> GetNewerAsync(long knownVersion, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public async Task<DictionarySnapshot> GetVersionAsync(long version, CancellationToken cancellationToken = default)
    {
        await cluster.PauseAsync();
        return cluster.Dictionaries.Single(snapshot => snapshot.Version == version);
    }
}

/// <summary>A department behind a network.</summary>
internal sealed class SimulatedDepartment(SimulatedCluster cluster, string department) : IDepartmentGrain
{
    public async Task<DeliveryStatus> AppendAsync(TransitionDelivery delivery, CancellationToken cancellationToken = default)
    {
        await cluster.PauseAsync();
        AlertLimits.Check(delivery);
        var writer = await cluster.Memory.WriterAsync(department);
        var status = await writer.AppendAsync(delivery);
        await cluster.PauseAsync();
        return status;
    }

    public Task<AcknowledgeResult> AcknowledgeAsync(AcknowledgeCommand command, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();

    public Task<ImmutableArray<AlertLogEntry>> ReadLogAsync(long afterCursor, int limit, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();

    public Task<long> FindCursorAsync(long timeUnixMs, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public Task<bool> ReachesAsync(long cursor, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public Task<OpenAlerts> GetOpenAsync(CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public Task<AlertPage> ListAsync(AlertFilter filter, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public Task<long> SubscribeAsync(IAlertLogObserver observer, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public Task UnsubscribeAsync(IAlertLogObserver observer, CancellationToken cancellationToken = default) => throw new NotSupportedException();
}
