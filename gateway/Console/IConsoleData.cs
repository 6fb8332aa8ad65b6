using System.Collections.Immutable;
using Monitoring.Departments;
using Monitoring.Dictionary;
using Monitoring.Gateway.Alerts;
using Monitoring.Gateway.Indicators;
using Monitoring.Partitions;
using NodeReading = Monitoring.Indicators.NodeReading;

namespace Monitoring.Gateway.Console;

/// <summary>All the console reads and does, so that its pages can be tested without a cluster.</summary>
internal interface IConsoleData
{
    /// <summary>The dictionary in force.</summary>
    DictionarySnapshot Dictionary { get; }

    /// <summary>Waits for a dictionary newer than a known version.</summary>
    Task<DictionarySnapshot> WaitForDictionaryAsync(long knownVersion, CancellationToken cancellationToken);

    /// <summary>Number of nodes of an indicator.</summary>
    Task<long> CountNodesAsync(string code, CancellationToken cancellationToken);

    /// <summary>Buckets of a node.</summary>
    Task<NodeHistory> GetHistoryAsync(NodeHistoryRequest request, CancellationToken cancellationToken);

    /// <summary>The present periods of a node beside earlier ones.</summary>
    Task<ImmutableArray<PeriodComparison>> CompareAsync(NodeReading reading, IndicatorDefinition definition, CancellationToken cancellationToken);

    /// <summary>Live values: a snapshot, then changes.</summary>
    IAsyncEnumerable<LiveNodesUpdate> WatchNodesAsync(
        ImmutableArray<NodeSelection> selections, TimeSpan interval, CancellationToken cancellationToken);

    /// <summary>Alerts as they come.</summary>
    IAsyncEnumerable<AlertFeedItem> WatchAlertsAsync(AlertWatch watch, CancellationToken cancellationToken);

    /// <summary>Alerts of a department, newest first.</summary>
    Task<AlertPage> ListAlertsAsync(string department, AlertFilter filter, CancellationToken cancellationToken);

    /// <summary>Takes an alert in hand.</summary>
    Task<AcknowledgeResult> AcknowledgeAsync(string department, AcknowledgeCommand command, CancellationToken cancellationToken);
}
