using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Monitoring.Dictionary;

/// <summary>Keeps the dictionary: checks a new one, stores it, and tells the partitions.</summary>
/// <remarks>
/// Queries interleave with <see cref="ApplyAsync"/>, also while it stores and while it tells partitions, which ask for the new version
/// at once. They read one immutable state, which is swapped only after its successor is stored.
/// </remarks>
[GrainType("dictionary")]
internal sealed partial class DictionaryGrain(
    [PersistentState("dictionary", "definitions")] IPersistentState<DictionaryState> storage,
    DictionaryAnnouncer announcer,
    HolidayFiles holidays,
    IOptions<DictionaryOptions> options,
    ILogger<DictionaryGrain> logger) : Grain, IDictionaryGrain
{
    private DictionaryState _state = new();

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _state = storage.State;
        return Task.CompletedTask;
    }

    public async Task<ApplyResult> ApplyAsync(DictionaryChange change, CancellationToken cancellationToken = default)
    {
        var decision = DictionaryDecision.Of(change, _state, holidays.Read(), options.Value);
        var isApplied = decision.Mistakes.IsEmpty && !change.DryRun;
        if (isApplied && decision.Next is { } next)
        {
            await StoreAsync(next, cancellationToken);
            var snapshot = next.InForce();
            LogApplied(snapshot.Version, snapshot.Indicators.Length, snapshot.Departments.Length);
            await announcer.AnnounceAsync(snapshot.Version, cancellationToken);
        }

        return new ApplyResult { Version = _state.InForce().Version, Applied = isApplied, Mistakes = decision.Mistakes };
    }

    public Task<DictionarySnapshot> GetAsync(CancellationToken cancellationToken = default) => Task.FromResult(_state.InForce());

    public Task<DictionarySnapshot?> GetNewerAsync(long knownVersion, CancellationToken cancellationToken = default) =>
        Task.FromResult(_state.InForce() is var current && current.Version > knownVersion ? current : null);

    public Task<DictionarySnapshot> GetVersionAsync(long version, CancellationToken cancellationToken = default) =>
        Task.FromResult(_state.Find(version) ?? throw Missing(version));

    private Exception Missing(long version) => version > 0 && version < _state.InForce().Version
        ? new DictionaryVersionGoneException(version, _state.OldestKept)
        : new ArgumentOutOfRangeException(nameof(version), version, $"The dictionary is at version {_state.InForce().Version}.");

    private async Task StoreAsync(DictionaryState next, CancellationToken cancellationToken)
    {
        storage.State = next;
        try
        {
            await storage.WriteStateAsync(cancellationToken);
        }
        catch
        {
            // The write may have been done or not. The old dictionary stays in force here, and the next activation reads what is stored.
            storage.State = _state;
            DeactivateOnIdle();
            throw;
        }

        _state = next;
    }
}
