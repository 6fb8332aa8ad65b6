using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Monitoring.Sources;

/// <summary>
/// One source. A stream's epoch is stored before it is told; what was acknowledged is stored now and then, since it may lag.
/// </summary>
[GrainType("source")]
internal sealed partial class SourceGrain(
    [PersistentState("source", "definitions")] IPersistentState<SourceState> state, IOptions<SourceOptions> options, ILogger<SourceGrain> logger)
    : Grain, ISourceGrain
{
    private long _acknowledged;
    private bool _hasFailed;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _acknowledged = state.State.AcknowledgedSequence;
        this.RegisterGrainTimer(WriteAcknowledgedAsync, options.Value.AcknowledgedWriteInterval, options.Value.AcknowledgedWriteInterval);
        return Task.CompletedTask;
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken) => WriteAcknowledgedAsync(cancellationToken);

    public async Task<SourceStream> OpenAsync(CancellationToken cancellationToken = default)
    {
        await WriteAsync(new SourceState { Epoch = state.State.Epoch + 1, AcknowledgedSequence = _acknowledged }, cancellationToken);
        return new SourceStream { Epoch = state.State.Epoch, AcknowledgedSequence = _acknowledged };
    }

    public Task<bool> RecordAcknowledgedAsync(long epoch, long sequence, CancellationToken cancellationToken = default)
    {
        if (epoch != state.State.Epoch)
        {
            return Task.FromResult(false);
        }

        _acknowledged = Math.Max(_acknowledged, sequence);
        return Task.FromResult(true);
    }

    private async Task WriteAcknowledgedAsync(CancellationToken cancellationToken)
    {
        if (_hasFailed || _acknowledged == state.State.AcknowledgedSequence)
        {
            return;
        }

        try
        {
            await WriteAsync(state.State with { AcknowledgedSequence = _acknowledged }, cancellationToken);
        }
        catch (Exception exception)
        {
            // Nothing is lost but time: the source sends again what is durable already.
            LogWriteFailed(exception, this.GetPrimaryKeyString());
        }
    }

    private async Task WriteAsync(SourceState changed, CancellationToken cancellationToken)
    {
        if (_hasFailed)
        {
            throw new InvalidOperationException($"Source {this.GetPrimaryKeyString()} reads its state anew; try again.");
        }

        var before = state.State;
        state.State = changed;
        try
        {
            await state.WriteStateAsync(cancellationToken);
        }
        catch
        {
            // Whether it was stored is not known. The next activation reads what is true, so an epoch that nobody was told is skipped.
            state.State = before;
            _hasFailed = true;
            DeactivateOnIdle();
            throw;
        }
    }
}
