using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using Monitoring.Gateway.Dictionary;
using Monitoring.Partitions;

namespace Monitoring.Gateway.Ingest;

/// <summary>What every push stream shares with the others.</summary>
internal sealed partial class IngestServices(
    IGrainFactory grains,
    PartitionMap partitions,
    DictionaryCache dictionary,
    IngestStreams streams,
    SourceBudgets budgets,
    IngestMetrics metrics,
    IOptions<IngestOptions> options,
    IHostApplicationLifetime lifetime,
    TimeProvider clock,
    ILoggerFactory loggers)
{
    private readonly ILogger _logger = loggers.CreateLogger<IngestServices>();
    private readonly ConcurrentDictionary<int, PartitionCourier> _couriers = new();

    public IGrainFactory Grains => grains;

    public PartitionMap Partitions => partitions;

    public DictionaryCache Dictionary => dictionary;

    public IngestStreams Streams => streams;

    public SourceBudgets Budgets => budgets;

    public IngestMetrics Metrics => metrics;

    public IngestOptions Options { get; } = options.Value;

    public TimeProvider Clock => clock;

    /// <summary>What all streams share on the way to a partition.</summary>
    public PartitionCourier CourierTo(int partition) => _couriers.GetOrAdd(
        partition, number => new PartitionCourier(grains.GetGrain<IPartitionGrain>(number), Options, clock));

    /// <summary>Cancelled when the gateway begins to go away.</summary>
    public CancellationToken Stopping => lifetime.ApplicationStopping;

    public ILogger<PartitionLane> LaneLogger { get; } = loggers.CreateLogger<PartitionLane>();

    public ILogger<IngestStream> StreamLogger { get; } = loggers.CreateLogger<IngestStream>();

    [LoggerMessage(Level = LogLevel.Debug, Message = "{Source} could not record that batch {Sequence} was acknowledged")]
    public partial void LogNotRecorded(string source, long sequence, Exception exception);
}
