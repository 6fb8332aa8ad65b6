using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Options;
using Monitoring.Gateway.Console.Alerts;
using Monitoring.Gateway.Console.Language;

namespace Monitoring.Gateway.Console.Live;

/// <summary>
/// A component that shows what changes by itself: it follows the alert board and streams of its own once it is interactive, renders at
/// most once per interval, and lets go of everything when it is disposed.
/// </summary>
public abstract class LiveComponent : ComponentBase, IAsyncDisposable
{
    private readonly List<FollowLoop> _loops = [];
    private readonly List<FollowLoop> _shownLoops = [];
    private RenderThrottle? _throttle;
    private bool _isDisposed;

    /// <summary>Who looks.</summary>
    [CascadingParameter]
    public required Viewer Viewer { get; set; }

    /// <summary>True while a stream of this component is broken.</summary>
    protected bool IsInterrupted => _shownLoops.Exists(loop => loop.IsInterrupted);

    /// <summary>The texts in the visitor's language.</summary>
    protected Texts T => Viewer.Texts;

    [Inject]
    private protected IConsoleData Data { get; set; } = default!;

    [Inject]
    private protected AlertBoard Board { get; set; } = default!;

    [Inject]
    private protected IOptions<ConsoleOptions> ConsoleOptions { get; set; } = default!;

    [Inject]
    private protected TimeProvider Clock { get; set; } = default!;

    private protected ConsoleOptions Limits => ConsoleOptions.Value;

    /// <inheritdoc/>
    public virtual async ValueTask DisposeAsync()
    {
        _isDisposed = true;
        Board.Changed -= OnBoardChanged;
        _throttle?.Dispose();
        foreach (var loop in _loops)
        {
            await loop.DisposeAsync();
        }

        GC.SuppressFinalize(this);
    }

    /// <inheritdoc/>
    protected override void OnAfterRender(bool firstRender)
    {
        if (firstRender)
        {
            _throttle = new RenderThrottle(Clock, Limits.RenderInterval, () => _ = InvokeAsync(RefreshAndRender));
            Board.Changed += OnBoardChanged;
            Start();

            // What changed between the first rendering and this moment was told to nobody.
            RequestRender();
        }
    }

    /// <summary>Begins to follow streams; called once, when the component is interactive.</summary>
    protected virtual void Start()
    {
    }

    /// <summary>Computes what is shown, before it is rendered.</summary>
    protected virtual void Refresh()
    {
    }

    /// <summary>Asks for a rendering soon; from any thread.</summary>
    protected void RequestRender() => _throttle?.Request();

    /// <param name="isQuiet">True when the visitor need not know that it broke.</param>
    private protected FollowLoop NewLoop(bool isQuiet = false)
    {
        var loop = new FollowLoop(Clock, Limits, RequestRender);
        _loops.Add(loop);
        if (!isQuiet)
        {
            _shownLoops.Add(loop);
        }

        return loop;
    }

    private void OnBoardChanged(object? sender, EventArgs arguments) => RequestRender();

    private void RefreshAndRender()
    {
        if (!_isDisposed)
        {
            Refresh();
            StateHasChanged();
        }
    }
}
