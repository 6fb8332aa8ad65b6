using Microsoft.Extensions.Options;
using Monitoring.Dictionary;

namespace Monitoring.Gateway.Dictionary;

/// <summary>The gateway's copy of the dictionary; never older than the polling interval while the cluster answers. Thread-safe.</summary>
internal sealed partial class DictionaryCache(
    IGrainFactory grains, IOptions<DictionaryCacheOptions> options, TimeProvider clock, ILogger<DictionaryCache> logger) : BackgroundService
{
    private readonly Lock _gate = new();
    private volatile DictionarySnapshot _current = DictionarySnapshot.Empty;
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long? _unknownCodeReadAt;
    private volatile bool _isReadable;
    private bool _isReported;

    /// <summary>The definitions in force, as far as this gateway knows.</summary>
    public DictionarySnapshot Current => _current;

    /// <summary>True when the last question for a newer version was answered.</summary>
    public bool IsReadable => _isReadable;

    /// <summary>The definitions in force now, read from the cluster.</summary>
    public async ValueTask<DictionarySnapshot> GetFreshAsync(CancellationToken cancellationToken)
    {
        var newer = await grains.GetGrain<IDictionaryGrain>(IDictionaryGrain.Key).GetNewerAsync(_current.Version, cancellationToken);
        if (newer is not null)
        {
            Adopt(newer);
        }

        return _current;
    }

    /// <summary>
    /// The definitions to judge an unknown code by: fresh, unless another unknown code made the gateway ask a moment ago or the cluster
    /// does not answer.
    /// </summary>
    public async ValueTask<DictionarySnapshot> GetForUnknownCodeAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            var now = clock.GetTimestamp();
            if (_unknownCodeReadAt is { } readAt && clock.GetElapsedTime(readAt, now) < options.Value.UnknownCodeInterval)
            {
                return _current;
            }

            _unknownCodeReadAt = now;
        }

        return await TryReadAsync(cancellationToken);
    }

    /// <summary>Waits until a version greater than a known one is in force, and returns it.</summary>
    public async Task<DictionarySnapshot> WaitForChangeAsync(long knownVersion, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task changed;
            lock (_gate)
            {
                if (_current.Version > knownVersion)
                {
                    return _current;
                }

                changed = _changed.Task;
            }

            await changed.WaitAsync(cancellationToken);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.PollInterval, clock);
        do
        {
            await TryReadAsync(stoppingToken);
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task<DictionarySnapshot> TryReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            await GetFreshAsync(cancellationToken).AsTask().WaitAsync(options.Value.ReadTimeout, clock, cancellationToken);
            if (_isReported)
            {
                LogReadable();
            }

            _isReadable = true;
            _isReported = false;
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            // Whatever keeps the cluster from answering passes or is reported by readiness; the version at hand stays right to use.
            if (!_isReported)
            {
                LogUnreadable(_current.Version, exception);
            }

            _isReadable = false;
            _isReported = true;
        }

        return _current;
    }

    private void Adopt(DictionarySnapshot newer)
    {
        TaskCompletionSource changed;
        lock (_gate)
        {
            if (newer.Version <= _current.Version)
            {
                return;
            }

            _current = newer;
            changed = _changed;
            _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        LogAdopted(newer.Version, newer.Indicators.Length, newer.Departments.Length);
        changed.SetResult();
    }
}
