using System.Text.RegularExpressions;
using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace Monitoring.Console;

/// <summary>What a person sees of the console; the one place that knows its texts.</summary>
internal sealed partial class ConsolePage(IPage page, Uri address)
{
    private static readonly LocatorAssertionsToContainTextOptions _patience = new() { Timeout = 15_000 };

    /// <summary>Opens the tree of indicators.</summary>
    public Task OpenIndicatorsAsync() => page.GotoAsync(address.ToString());

    /// <summary>Opens the alerts of a department.</summary>
    public Task OpenAlertsAsync(string department) => page.GotoAsync(new Uri(address, $"/alerts/{department}").ToString());

    /// <summary>Waits until the line of an indicator or alert shows a text.</summary>
    public Task ShowsAsync(string line, string text) => Assertions.Expect(Line(line)).ToContainTextAsync(text, _patience);

    /// <summary>Waits until an alert may be acknowledged.</summary>
    public Task OffersAcknowledgeAsync(string line) =>
        Assertions.Expect(AcknowledgeButton(Line(line))).ToBeVisibleAsync(new() { Timeout = 15_000 });

    /// <summary>Acknowledges an alert.</summary>
    public async Task AcknowledgeAsync(string line, string person)
    {
        await AcknowledgeButton(Line(line)).ClickAsync();
        var dialog = page.GetByRole(AriaRole.Dialog);
        await dialog.GetByLabel("Your name").FillAsync(person);
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Acknowledge", Exact = true }).ClickAsync();
    }

    /// <summary>Rules of accessibility that the page breaks seriously.</summary>
    public async Task<IReadOnlyList<string>> SeriousViolationsAsync()
    {
        var result = await page.RunAxe();
        return [.. result.Violations.Where(found => found.Impact is "serious" or "critical").Select(Describe)];
    }

    private static string Describe(AxeResultItem found) => $"{found.Id}: {found.Help} ({string.Join("; ", found.Nodes.Select(node => node.Html))})";

    private static ILocator AcknowledgeButton(ILocator line) => line.GetByRole(AriaRole.Button, new() { NameRegex = AcknowledgeName() });

    private ILocator Line(string text) =>
        page.GetByRole(AriaRole.Row).Or(page.GetByRole(AriaRole.Treeitem)).Filter(new() { HasText = text }).First;

    [GeneratedRegex("^Acknowledge", RegexOptions.None, 1_000)]
    private static partial Regex AcknowledgeName();
}
