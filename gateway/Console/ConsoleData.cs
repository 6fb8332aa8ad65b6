using System.Collections.Immutable;
using Monitoring.Departments;
using Monitoring.Dictionary;
using Monitoring.Gateway.Alerts;
using Monitoring.Gateway.Dictionary;
using Monitoring.Gateway.Indicators;
using Monitoring.Partitions;
using NodeReading = Monitoring.Indicators.NodeReading;

namespace Monitoring.Gateway.Console;

/// <summary>The console's data, from this gateway's own services.</summary>
internal sealed class ConsoleData(
    DictionaryCache dictionary, NodeReader nodes, PeriodComparer comparer, LiveNodes live, AlertFeeds feeds, IGrainFactory grains) : IConsoleData
{
    public DictionarySnapshot Dictionary => dictionary.Current;

    public Task<DictionarySnapshot> WaitForDictionaryAsync(long knownVersion, CancellationToken cancellationToken) =>
        dictionary.WaitForChangeAsync(knownVersion, cancellationToken);

    public Task<long> CountNodesAsync(string code, CancellationToken cancellationToken) => nodes.CountAsync(code, cancellationToken);

    public Task<NodeHistory> GetHistoryAsync(NodeHistoryRequest request, CancellationToken cancellationToken) =>
        nodes.GetHistoryAsync(request, cancellationToken);

    public Task<ImmutableArray<PeriodComparison>> CompareAsync(
        NodeReading reading, IndicatorDefinition definition, CancellationToken cancellationToken) =>
        comparer.CompareAsync(reading, definition, [], cancellationToken);

    public IAsyncEnumerable<LiveNodesUpdate> WatchNodesAsync(
        ImmutableArray<NodeSelection> selections, TimeSpan interval, CancellationToken cancellationToken) =>
        live.WatchAsync(selections, interval, cancellationToken);

    public IAsyncEnumerable<AlertFeedItem> WatchAlertsAsync(AlertWatch watch, CancellationToken cancellationToken) =>
        feeds.WatchAsync(watch, cancellationToken);

    public Task<AlertPage> ListAlertsAsync(string department, AlertFilter filter, CancellationToken cancellationToken) =>
        grains.GetGrain<IDepartmentGrain>(department).ListAsync(filter, cancellationToken);

    public Task<AcknowledgeResult> AcknowledgeAsync(
        string department, AcknowledgeCommand command, CancellationToken cancellationToken) =>
        grains.GetGrain<IDepartmentGrain>(department).AcknowledgeAsync(command, cancellationToken);
}
