using System.Collections.Immutable;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Options;
using Monitoring.Alerting;
using Monitoring.Dictionary;
using Monitoring.Gateway.Console.Language;
using Monitoring.Indicators;

namespace Monitoring.Gateway.Console.Indicators;

/// <summary>Recent history of a node as a small line; reads it when it comes into view, and again now and then while values arrive.</summary>
public sealed partial class Sparkline
{
    private const int Width = 132;
    private const int Height = 28;

    private readonly CancellationTokenSource _gone = new();
    private SparklineShape? _shape;
    private long _drawnAt;
    private long _drawnNewest = -1;
    private bool _isReading;

    /// <summary>Who looks.</summary>
    [CascadingParameter]
    public required Viewer Viewer { get; set; }

    /// <summary>What the indicator means.</summary>
    [Parameter, EditorRequired]
    public required IndicatorDefinition Definition { get; set; }

    /// <summary>The node.</summary>
    [Parameter, EditorRequired]
    public required NodeKey Key { get; set; }

    /// <summary>Its name.</summary>
    [Parameter]
    public string Label { get; set; } = string.Empty;

    /// <summary>The newest value, which tells that there is something to read.</summary>
    [Parameter]
    public ChartPoint Newest { get; set; }

    /// <summary>Level of the node.</summary>
    [Parameter]
    public AlertLevel Level { get; set; }

    [Inject]
    private Sparklines History { get; set; } = default!;

    [Inject]
    private IOptions<ConsoleOptions> Options { get; set; } = default!;

    [Inject]
    private TimeProvider Clock { get; set; } = default!;

    public void Dispose()
    {
        _gone.Cancel();
        _gone.Dispose();
    }

    /// <inheritdoc/>
    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        var isDue = _drawnNewest < 0 || Clock.GetElapsedTime(_drawnAt) >= Options.Value.SlowInterval;
        if (_isReading || !isDue || Newest.Time == 0 || Newest.Time == _drawnNewest)
        {
            return;
        }

        _isReading = true;
        _drawnNewest = Newest.Time;
        _drawnAt = Clock.GetTimestamp();
        try
        {
            ImmutableArray<ChartPoint> points = await History.GetAsync(Definition, Key, _gone.Token);
            _shape = SparklineShape.Of(points, Width, Height);
            StateHasChanged();
        }
        catch (OperationCanceledException)
        {
            // The row left the view.
        }
        catch (Exception)
        {
            // A line that cannot be read now is drawn the next time; the page already says when the server is out of reach.
            _drawnNewest = -1;
        }
        finally
        {
            _isReading = false;
        }
    }
}
