using Monitoring.Chaos.Faults;

namespace Monitoring.Chaos.Processes;

/// <summary>A process of the centre. It keeps its address and its data over restarts.</summary>
internal interface ICentreProcess : IAsyncDisposable
{
    /// <summary>What it is.</summary>
    ProcessRole Role { get; }

    /// <summary>For a person, such as <c>silo-2</c>; its log has this name.</summary>
    string Name { get; }

    /// <summary>Identity of the running process; null when it does not run.</summary>
    int? Id { get; }

    /// <summary>True when it ended although nobody ended it.</summary>
    bool HasFallen { get; }

    /// <summary>Starts it unless it runs, and waits until it is ready.</summary>
    Task StartAsync(CancellationToken cancellationToken);

    /// <summary>Ends it at once, without a chance to tidy up.</summary>
    Task KillAsync();

    /// <summary>Asks it to end, and waits until it has.</summary>
    Task StopAsync(CancellationToken cancellationToken);

    /// <summary>Stops it where it stands (SIGSTOP).</summary>
    void Pause();

    /// <summary>Lets it go on (SIGCONT).</summary>
    void Resume();
}
