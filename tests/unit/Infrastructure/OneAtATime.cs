namespace Monitoring.Infrastructure;

/// <summary>Runs a test as a grain runs its turns: one piece at a time, whoever continues it.</summary>
internal static class OneAtATime
{
    public static Task RunAsync(Func<Task> test) => Task.Factory.StartNew(
        test, TestContext.Current.CancellationToken, TaskCreationOptions.None, new ConcurrentExclusiveSchedulerPair().ExclusiveScheduler).Unwrap();
}
