using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Routing;
using Microsoft.AspNetCore.Components.Web;
using Monitoring.Gateway.Console.Language;

namespace Monitoring.Gateway.Console.Shell;

/// <summary>Bar, navigation and the place of the page.</summary>
public sealed partial class MainLayout : IDisposable
{
    private ErrorBoundary? _boundary;

    /// <summary>Who looks.</summary>
    [CascadingParameter]
    public required Viewer Viewer { get; set; }

    [Inject]
    private NavigationManager Navigation { get; set; } = default!;

    private ConsoleLanguage Other => Viewer.Language == ConsoleLanguage.Chinese ? ConsoleLanguage.English : ConsoleLanguage.Chinese;

    private string OtherTag => LanguageChoice.Tag(Other);

    // A language is offered by its own name, so that who reads only that one finds it.
    private string OtherName => Other == ConsoleLanguage.Chinese ? "中文" : "English";

    private bool IsAlerts => Navigation.ToBaseRelativePath(Navigation.Uri).StartsWith("alerts", StringComparison.Ordinal);

    public void Dispose() => Navigation.LocationChanged -= OnLocationChanged;

    /// <inheritdoc/>
    protected override void OnInitialized() => Navigation.LocationChanged += OnLocationChanged;

    private string Active(bool isAlerts) => IsAlerts == isAlerts ? "active" : string.Empty;

    private string? Current(bool isAlerts) => IsAlerts == isAlerts ? "page" : null;

    private void OnLocationChanged(object? sender, LocationChangedEventArgs arguments)
    {
        // A page that failed must not keep the next one from showing.
        _boundary?.Recover();
        StateHasChanged();
    }
}
