namespace Monitoring.Chaos.Oracle;

/// <summary>What is wrong with the alert logs: transitions that miss, and transitions that came twice.</summary>
internal sealed class AlertVerdict
{
    private const int MaxExamples = 20;
    private readonly List<string> _examples = [];

    /// <summary>Transitions or final states that miss or contradict one another.</summary>
    public long Gaps { get; private set; }

    /// <summary>Transitions that came more than once.</summary>
    public long Repeats { get; private set; }

    /// <summary>The first faults, for a person.</summary>
    public IReadOnlyList<string> Examples => _examples;

    /// <summary>Something misses or contradicts.</summary>
    public void Gap(string what)
    {
        Gaps++;
        Tell(what);
    }

    /// <summary>Something came again.</summary>
    public void Repeat(string what)
    {
        Repeats++;
        Tell(what);
    }

    /// <summary>Adds another's faults.</summary>
    public void Add(AlertVerdict other)
    {
        Gaps += other.Gaps;
        Repeats += other.Repeats;
        foreach (var example in other.Examples)
        {
            Tell(example);
        }
    }

    private void Tell(string example)
    {
        if (_examples.Count < MaxExamples)
        {
            _examples.Add(example);
        }
    }
}
