using System.Collections.Immutable;
using System.Threading.Channels;
using Monitoring.Alerting;
using Monitoring.Departments;
using Monitoring.Dictionary;
using Monitoring.Gateway.Alerts;
using Monitoring.Gateway.Indicators;
using Monitoring.Partitions;
using NodeReading = Monitoring.Indicators.NodeReading;

namespace Monitoring.Gateway.Console;

/// <summary>Data of the console that a test feeds by hand.</summary>
internal sealed class FakeConsoleData : IConsoleData
{
    private readonly Channel<Watch<AlertWatch, AlertFeedItem>> _alertWatches =
        Channel.CreateUnbounded<Watch<AlertWatch, AlertFeedItem>>();

    private readonly Channel<Watch<ImmutableArray<NodeSelection>, LiveNodesUpdate>> _nodeWatches =
        Channel.CreateUnbounded<Watch<ImmutableArray<NodeSelection>, LiveNodesUpdate>>();

    private TaskCompletionSource _dictionaryChanged = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public DictionarySnapshot Dictionary { get; private set; } = ConsoleSamples.Dictionary;

    public List<(string Department, AcknowledgeCommand Command)> Acknowledged { get; } = [];

    public Func<AcknowledgeResult> AcknowledgeAnswer { get; set; } =
        () => new AcknowledgeResult { Status = AcknowledgeStatus.Acknowledged, Alert = null };

    public ImmutableArray<Alert> Listed { get; set; } = [];

    public ImmutableArray<PeriodComparison> Comparisons { get; set; } = [];

    /// <summary>Answers instead of <see cref="Listed"/>.</summary>
    public Func<AlertFilter, Task<AlertPage>>? ListAnswer { get; set; }

    public void Apply(DictionarySnapshot dictionary)
    {
        Dictionary = dictionary;
        Interlocked.Exchange(ref _dictionaryChanged, new(TaskCreationOptions.RunContinuationsAsynchronously)).SetResult();
    }

    /// <summary>The next watch of alerts that the console opens.</summary>
    public Task<Watch<AlertWatch, AlertFeedItem>> NextAlertWatchAsync() => NextAsync(_alertWatches);

    /// <summary>The next watch of nodes that the console opens.</summary>
    public Task<Watch<ImmutableArray<NodeSelection>, LiveNodesUpdate>> NextNodeWatchAsync() => NextAsync(_nodeWatches);

    public async Task<DictionarySnapshot> WaitForDictionaryAsync(long knownVersion, CancellationToken cancellationToken)
    {
        while (Dictionary.Version <= knownVersion)
        {
            await _dictionaryChanged.Task.WaitAsync(cancellationToken);
        }

        return Dictionary;
    }

    public Task<long> CountNodesAsync(string code, CancellationToken cancellationToken) => Task.FromResult(1_000L);

    public Task<NodeHistory> GetHistoryAsync(NodeHistoryRequest request, CancellationToken cancellationToken) =>
        Task.FromResult(new NodeHistory([], request.ResolutionMs));

    public Task<ImmutableArray<PeriodComparison>> CompareAsync(
        NodeReading reading, IndicatorDefinition definition, CancellationToken cancellationToken) => Task.FromResult(Comparisons);

    public IAsyncEnumerable<LiveNodesUpdate> WatchNodesAsync(
        ImmutableArray<NodeSelection> selections, TimeSpan interval, CancellationToken cancellationToken) =>
        Open(_nodeWatches, selections, cancellationToken);

    public IAsyncEnumerable<AlertFeedItem> WatchAlertsAsync(AlertWatch watch, CancellationToken cancellationToken) =>
        Open(_alertWatches, watch, cancellationToken);

    public Task<AlertPage> ListAlertsAsync(string department, AlertFilter filter, CancellationToken cancellationToken) =>
        ListAnswer?.Invoke(filter) ?? Task.FromResult(new AlertPage { Alerts = Listed, NextBeforeCursor = 0 });

    public Task<AcknowledgeResult> AcknowledgeAsync(
        string department, AcknowledgeCommand command, CancellationToken cancellationToken)
    {
        Acknowledged.Add((department, command));
        return Task.FromResult(AcknowledgeAnswer());
    }

    private static async Task<Watch<TRequest, TItem>> NextAsync<TRequest, TItem>(Channel<Watch<TRequest, TItem>> watches) =>
        await watches.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(TimeSpan.FromSeconds(30));

    private static IAsyncEnumerable<TItem> Open<TRequest, TItem>(
        Channel<Watch<TRequest, TItem>> watches, TRequest request, CancellationToken cancellationToken)
    {
        var items = Channel.CreateUnbounded<TItem>();
        watches.Writer.TryWrite(new(request, items.Writer));
        return items.Reader.ReadAllAsync(cancellationToken);
    }

    internal sealed record Watch<TRequest, TItem>(TRequest Request, ChannelWriter<TItem> Items)
    {
        public void Send(params ReadOnlySpan<TItem> items)
        {
            foreach (var item in items)
            {
                Items.TryWrite(item);
            }
        }

        public void Break() => Items.Complete(new IOException("The connection broke."));
    }
}
