using System.Diagnostics.CodeAnalysis;

namespace Monitoring.Recovery;

/// <summary>Runs everything on one thread, mostly in turn and sometimes not; the same seed gives the same order.</summary>
internal sealed class SimulatedScheduler(Random random) : TaskScheduler
{
    private readonly Lock _lock = new();
    private readonly List<Task> _ready = [];

    /// <summary>Runs until the main task has ended.</summary>
    /// <param name="main">What to run.</param>
    /// <param name="idle">Is called when nothing can go on before time passes.</param>
    public void Run(Func<Task> main, Action idle)
    {
        var context = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        try
        {
            var running = Start(main);
            while (!running.IsCompleted)
            {
                if (TryTake(out var task))
                {
                    TryExecuteTask(task);
                }
                else
                {
                    idle();
                }
            }

            running.GetAwaiter().GetResult();
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(context);
        }
    }

    /// <summary>Starts something beside the main task.</summary>
    public Task Start(Func<Task> action) =>
        Task.Factory.StartNew(action, CancellationToken.None, TaskCreationOptions.None, this).Unwrap();

    protected override IEnumerable<Task> GetScheduledTasks() => _ready;

    protected override void QueueTask(Task task)
    {
        lock (_lock)
        {
            _ready.Add(task);
        }
    }

    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) => false;

    private bool TryTake([NotNullWhen(true)] out Task? task)
    {
        lock (_lock)
        {
            task = null;
            if (_ready.Count > 0)
            {
                var index = random.Next(4) == 0 ? random.Next(_ready.Count) : 0;
                task = _ready[index];
                _ready.RemoveAt(index);
            }

            return task is not null;
        }
    }
}
