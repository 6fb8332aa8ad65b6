using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;
using Monitoring.Departments;
using Monitoring.Gateway.Console.Language;
using MudBlazor;

namespace Monitoring.Gateway.Console.Alerts;

/// <summary>Asks who takes an alert in hand and what they will do; the browser remembers who.</summary>
public sealed partial class AcknowledgeDialog : IDisposable
{
    private const string PersonKey = "person";

    private readonly CancellationTokenSource _closed = new();
    private string _person = string.Empty;
    private string _comment = string.Empty;
    private string? _mistake;
    private bool _isSending;

    /// <summary>Who looks.</summary>
    [CascadingParameter]
    public required Viewer Viewer { get; set; }

    /// <summary>The alert.</summary>
    [Parameter]
    public required AlertRow Row { get; set; }

    /// <summary>Id of the department whose alert it is.</summary>
    [Parameter]
    public required string Department { get; set; }

    [CascadingParameter]
    private IMudDialogInstance Dialog { get; set; } = default!;

    [Inject]
    private IConsoleData Data { get; set; } = default!;

    [Inject]
    private ISnackbar Snackbar { get; set; } = default!;

    [Inject]
    private IJSRuntime Script { get; set; } = default!;

    [Inject]
    private ILogger<AcknowledgeDialog> Logger { get; set; } = default!;

    public void Dispose()
    {
        _closed.Cancel();
        _closed.Dispose();
    }

    /// <inheritdoc/>
    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (firstRender && await Script.InvokeAsync<string?>("monitoringConsole.recall", PersonKey) is { Length: > 0 } person)
        {
            _person = person;
            StateHasChanged();
        }
    }

    private async Task SendAsync()
    {
        if (string.IsNullOrWhiteSpace(_person))
        {
            _mistake = Viewer.Texts.PersonMissing;
            return;
        }

        _isSending = true;
        try
        {
            var command = new AcknowledgeCommand { AlertId = Row.Id, Person = _person.Trim(), Comment = _comment.Trim() };
            var result = await Data.AcknowledgeAsync(Department, command, _closed.Token);
            await RememberAsync(command.Person);
            Show(result.Status);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            // The visitor decides whether to try again; their words stay in the form.
            LogAcknowledgeFailed(Logger, exception, Department, Row.Id);
            _mistake = Viewer.Texts.AcknowledgeFailed;
        }
        finally
        {
            _isSending = false;
        }
    }

    private async Task RememberAsync(string person)
    {
        try
        {
            await Script.InvokeVoidAsync("monitoringConsole.remember", PersonKey, person);
        }
        catch (Exception exception)
        {
            // The acknowledgement is stored all the same, and that is what the visitor is told.
            LogNotRemembered(Logger, exception);
        }
    }

    private void Show(AcknowledgeStatus status)
    {
        switch (status)
        {
            case AcknowledgeStatus.Acknowledged:
                Snackbar.Add(Viewer.Texts.AcknowledgeDone, Severity.Success);
                Dialog.Close();
                break;
            case AcknowledgeStatus.AlreadyResolved:
                Snackbar.Add(Viewer.Texts.AcknowledgeTooLate, Severity.Info);
                Dialog.Close();
                break;
            default:
                _mistake = Viewer.Texts.AcknowledgeUnknown;
                break;
        }
    }
}
