using System.Collections.Immutable;
using Monitoring.Indicators;
using Monitoring.LatePoints;
using Monitoring.Partitions;
using Monitoring.RawPoints;

namespace Monitoring.Infrastructure;

/// <summary>A partition that drops duplicates, refuses gaps, and can be held up or made to fail.</summary>
internal sealed class FakePartition : IPartitionGrain
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, (long Epoch, long Sequence)> _senders = [];
    private readonly Dictionary<NodeKey, NodeReading> _nodes = [];
    private readonly TaskCompletionSource _held = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _failures;

    /// <summary>Every accepted point.</summary>
    public List<(NodeKey Node, long Time, double Value)> Points { get; } = [];

    /// <summary>Nodes and times of accepted corrections.</summary>
    public List<(NodeKey Node, long Time)> Corrected { get; } = [];

    /// <summary>Corrections on record.</summary>
    public List<Correction> Corrections { get; } = [];

    /// <summary>Positions that are answered as overdue corrections.</summary>
    public ImmutableArray<int> Overdue { get; set; } = [];

    /// <summary>Number of deliveries in each call.</summary>
    public List<int> Calls { get; } = [];

    /// <summary>While not complete, calls wait.</summary>
    public Task Open { get; set; } = Task.CompletedTask;

    /// <summary>Answer of every delivery instead of the true one.</summary>
    public DeliveryStatus? Answer { get; set; }

    /// <summary>Points for which there is room in all.</summary>
    public int Room { get; set; } = int.MaxValue;

    /// <summary>Positions of points whose indicator this partition no longer knows.</summary>
    public ImmutableArray<int> Unknown { get; set; } = [];

    /// <summary>Positions of points of new nodes for which there is no room.</summary>
    public ImmutableArray<int> Excess { get; set; } = [];

    public NodeSelection? LastSelection { get; private set; }

    public HistoryQuery? LastHistoryQuery { get; private set; }

    public ImmutableArray<Bucket> Buckets { get; set; } = [];

    /// <summary>When set, reading nodes hangs until it is cancelled, and then ends with this.</summary>
    public Exception? CutOff { get; set; }

    /// <summary>Complete once a read hangs.</summary>
    public Task Held => _held.Task;

    public void FailNext(int calls) => Interlocked.Exchange(ref _failures, calls);

    public void Put(NodeReading reading)
    {
        lock (_gate)
        {
            _nodes[reading.Key] = reading;
        }
    }

    public Task<long> OpenSourceAsync(string source, long epoch, CancellationToken cancellationToken = default)
    {
        lock (_gate)
        {
            return Task.FromResult(_senders.GetValueOrDefault(source).Sequence);
        }
    }

    public async Task<ImmutableArray<PointDeliveryResult>> DeliverManyAsync(
        ImmutableArray<PointDelivery> deliveries, CancellationToken cancellationToken = default)
    {
        lock (_gate)
        {
            Calls.Add(deliveries.Length);
        }

        await Open;
        if (Interlocked.Decrement(ref _failures) >= 0)
        {
            throw new InvalidOperationException("The partition moved.");
        }

        lock (_gate)
        {
            return [.. deliveries.Select(delivery => ToResult(delivery, Answer ?? Take(delivery)))];
        }
    }

    public Task<ImmutableArray<PointDeliveryResult>> DeliverPointsAsync(
        ImmutableArray<PointDelivery> deliveries, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public async Task<ImmutableArray<NodeReading>> ReadNodesAsync(ImmutableArray<NodeKey> keys, CancellationToken cancellationToken = default)
    {
        if (CutOff is { } cutOff)
        {
            _held.TrySetResult();
            await Task.Delay(Timeout.Infinite, cancellationToken).ContinueWith(_ => { }, TaskScheduler.Default);
            throw cutOff;
        }

        lock (_gate)
        {
            return [.. keys.Where(_nodes.ContainsKey).Select(key => _nodes[key])];
        }
    }

    public Task<ImmutableArray<NodeKey>> ListNodesAsync(NodeSelection selection, CancellationToken cancellationToken = default)
    {
        lock (_gate)
        {
            var keys = _nodes.Keys.Where(key => key.Code == selection.Code && selection.Takes(key));
            LastSelection = selection;
            return Task.FromResult<ImmutableArray<NodeKey>>(
                [.. selection.Limit == 0 ? keys : keys.OrderBy(key => key.Path, StringComparer.Ordinal).Take(selection.Limit)]);
        }
    }

    public Task<int> CountNodesAsync(string code, CancellationToken cancellationToken = default)
    {
        lock (_gate)
        {
            return Task.FromResult(_nodes.Keys.Count(key => key.Code == code));
        }
    }

    public Task<ImmutableArray<Bucket>> ReadHistoryAsync(HistoryQuery query, CancellationToken cancellationToken = default)
    {
        LastHistoryQuery = query;
        return Task.FromResult(Buckets);
    }

    public Task<DeliveryStatus> DeliverContributionsAsync(ContributionDelivery delivery, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();

    public Task<long> OpenSenderAsync(int sender, long epoch, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public Task AdoptDictionaryAsync(long version, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    /// <summary>Late points, in the order of their ids.</summary>
    public List<LatePoint> Late { get; } = [];

    /// <summary>Points older than this are kept apart.</summary>
    public long OldestCounted { get; set; } = long.MinValue;

    public Task<LatePage> ListLateAsync(LateSelection selection, CancellationToken cancellationToken = default)
    {
        var seen = Late.Where(point => point.Id > selection.After).Take(selection.Limit).ToList();
        return Task.FromResult(new LatePage
        {
            Points = [.. seen.Where(point => selection.Takes(point))],
            Next = seen.Count == selection.Limit ? seen[^1].Id : null,
        });
    }

    public Task<ImmutableArray<ReinjectStatus>> ReinjectLateAsync(ImmutableArray<LateId> ids, CancellationToken cancellationToken = default) =>
        Task.FromResult<ImmutableArray<ReinjectStatus>>([.. ids.Select(Reinject)]);

    public Task RequestSharesAsync(ImmutableArray<ShareRequest> requests, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public Task<ImmutableArray<Correction>> ListCorrectionsAsync(CorrectionQuery query, CancellationToken cancellationToken = default) =>
        Task.FromResult<ImmutableArray<Correction>>([.. Corrections.Where(query.Matches).Take(query.Limit)]);

    public Task SettleAsync(CancellationToken cancellationToken = default) => Task.CompletedTask;

    private PointDeliveryResult ToResult(PointDelivery delivery, DeliveryStatus status) => new()
    {
        Status = status,
        OverdueCorrections = Overdue,
        UnknownIndicators = Unknown,
        ExcessNodes = Excess,
        Late = status == DeliveryStatus.Accepted ? delivery.Times.Count(time => time < OldestCounted) : 0,
    };

    private ReinjectStatus Reinject(LateId id)
    {
        var position = Late.FindIndex(point => point.Id == id);
        if (position < 0)
        {
            return ReinjectStatus.Unknown;
        }

        var before = Late[position].State;
        Late[position] = Late[position] with { State = LateState.Reinjected };
        return before == LateState.Kept ? ReinjectStatus.Reinjected : ReinjectStatus.AlreadyReinjected;
    }

    private DeliveryStatus Take(PointDelivery delivery)
    {
        var (epoch, sequence) = _senders.GetValueOrDefault(delivery.Source);
        if (delivery.Epoch < epoch)
        {
            return DeliveryStatus.StaleEpoch;
        }

        _senders[delivery.Source] = (delivery.Epoch, sequence);
        if (delivery.Sequence <= sequence)
        {
            return DeliveryStatus.Duplicate;
        }

        if (delivery.PreviousSequence > sequence)
        {
            return DeliveryStatus.Gap;
        }

        if (Points.Count + delivery.Nodes.Length > Room)
        {
            return DeliveryStatus.Busy;
        }

        _senders[delivery.Source] = (delivery.Epoch, delivery.Sequence);
        Points.AddRange(delivery.Nodes.Select((node, index) => (node, delivery.Times[index], delivery.Values[index])));
        Corrected.AddRange(delivery.Nodes.Select((node, index) => (node, delivery.Times[index])).Where((_, index) => delivery.Corrections?[index] == true));
        return DeliveryStatus.Accepted;
    }
}
