using Microsoft.Extensions.Options;
using Monitoring.Dictionary;
using Monitoring.History;
using Monitoring.Indicators;
using Monitoring.LatePoints;
using Monitoring.RawPoints;
using Orleans.Serialization;

namespace Monitoring.Partitions;

/// <summary>What partitions of a silo share.</summary>
internal sealed class PartitionServices(
    IPartitionStore store, ILateStore lateStore, IHistoryStore historyStore, IGrainFactory grains, PartitionMap map, DictionaryVersions dictionaries,
    IOptions<PartitionOptions> options, IOptions<HistoryOptions> history, IOptions<RawPointOptions> rawPoints,
    TimeProvider clock, PartitionMetrics metrics, PartitionHealth health, Serializer<PartitionHeader> headers, Serializer<NodeRecord> records,
    ILocalSiloDetails silo, IPumpObserver? observer = null)
{
    /// <summary>The silo they are in.</summary>
    public SiloAddress Silo => silo.SiloAddress;

    /// <summary>Is told of steps; null in production.</summary>
    public IPumpObserver? Observer { get; } = observer;

    public IPartitionStore Store { get; } = store;

    /// <summary>Who may call nodes.</summary>
    public ApplyTurns Turns { get; } = new(options.Value, () => metrics.WaitingPoints);

    public ILateStore LateStore { get; } = lateStore;

    public IGrainFactory Grains { get; } = grains;

    public PartitionMap Map { get; } = map;

    public DictionaryVersions Dictionaries { get; } = dictionaries;

    public PartitionOptions Options { get; } = options.Value;

    public IHistoryStore HistoryStore { get; } = historyStore;

    public HistoryOptions History { get; } = history.Value;

    public RawPointOptions RawPoints { get; } = rawPoints.Value;

    /// <summary>
    /// How old a point may be that is corrected: its raw value must be there, and an hour longer the bucket that it is in, so that every
    /// ancestor can be restated.
    /// </summary>
    public TimeSpan CorrectionAge { get; } = TimeSpan.FromTicks(
        Math.Min(rawPoints.Value.RawRetention.Ticks, (history.Value.FineRetention - TimeSpan.FromHours(1)).Ticks));

    public TimeProvider Clock { get; } = clock;

    public PartitionMetrics Metrics { get; } = metrics;

    public PartitionHealth Health { get; } = health;

    public Serializer<PartitionHeader> Headers { get; } = headers;

    public Serializer<NodeRecord> Records { get; } = records;
}
