using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;
using Monitoring.Dictionary;

namespace Monitoring.Gateway.Console.Alerts;

/// <summary>Every department with its open alerts; the one visited last comes first.</summary>
public sealed partial class AlertChooserPage
{
    private string? _last;

    [Inject]
    private IJSRuntime Script { get; set; } = default!;

    private IEnumerable<DepartmentDefinition> Departments =>
        Data.Dictionary.Departments.OrderByDescending(department => department.Id == _last);

    /// <inheritdoc/>
    protected override void Start() => NewLoop(isQuiet: true).Restart(
        async (_, cancellationToken) =>
        {
            while (true)
            {
                await Data.WaitForDictionaryAsync(Data.Dictionary.Version, cancellationToken);
                RequestRender();
            }
        });

    /// <inheritdoc/>
    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (firstRender)
        {
            _last = await Script.InvokeAsync<string?>("monitoringConsole.recall", AlertsPage.LastDepartmentKey);
            StateHasChanged();
        }
    }
}
