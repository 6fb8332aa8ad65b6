using Microsoft.AspNetCore.Components;
using Monitoring.Gateway.Console.Language;

namespace Monitoring.Gateway.Console.Shell;

/// <summary>The document around every page; finds out the visitor's language.</summary>
public sealed partial class App : ComponentBase
{
    private ConsoleLanguage _language;
    private Texts _texts = Texts.In(ConsoleLanguage.English);
    private long _now;

    [CascadingParameter]
    private HttpContext? Context { get; set; }

    [Inject]
    private TimeProvider Clock { get; set; } = default!;

    /// <inheritdoc/>
    protected override void OnInitialized()
    {
        _language = LanguageChoice.Find(
            Context?.Request.Cookies[LanguageChoice.CookieName], Context?.Request.Headers.AcceptLanguage.ToString());
        _texts = Texts.In(_language);
        _now = Clock.GetUtcNow().ToUnixTimeMilliseconds();
    }
}
