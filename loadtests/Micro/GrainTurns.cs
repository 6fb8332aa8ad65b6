namespace Monitoring.Micro;

/// <summary>Runs one piece of work at a time, whoever continues it, as a grain does: what lives in an activation is not thread-safe.</summary>
internal sealed class GrainTurns
{
    private readonly TaskScheduler _scheduler = new ConcurrentExclusiveSchedulerPair().ExclusiveScheduler;

    /// <summary>Runs work in turns; its continuations too.</summary>
    public Task RunAsync(Func<Task> work) =>
        Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.None, _scheduler).Unwrap();
}
