using Microsoft.Playwright;

namespace Monitoring.Console;

/// <summary>The system's Chromium, without a window and without calls to the outside.</summary>
public sealed class Browser : IAsyncLifetime
{
    private IPlaywright? _playwright;
    private IBrowser? _browser;

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = Environment.GetEnvironmentVariable("CHROMIUM") ?? "/usr/bin/chromium",
            Args =
            [
                "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync",
                "--no-first-run",
            ],
        });
    }

    /// <summary>A page of a new visitor who reads English.</summary>
    public Task<IPage> NewPageAsync() =>
        (_browser ?? throw new InvalidOperationException("The browser was not started.")).NewPageAsync(
            new BrowserNewPageOptions { Locale = "en-US", ViewportSize = new ViewportSize { Width = 1_400, Height = 900 } });

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.DisposeAsync();
        }

        _playwright?.Dispose();
    }
}
