using System.Diagnostics;
using Monitoring.Chaos.Input;
using Monitoring.Chaos.Oracle;
using Monitoring.Chaos.Watching;
using Monitoring.Protocol.V1;

namespace Monitoring.Chaos.Audit;

/// <summary>Compares what watchers saw, what the logs hold, what is listed and where rules stand with one another and with the input.</summary>
internal sealed class AlertAudit(AlertDesk desk, CentreReader reader, ExpectedTree expected, InputShape shape)
{
    private static readonly TimeSpan _settleLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan _pause = TimeSpan.FromSeconds(2);

    private readonly ChaosDictionary _dictionary = new(shape);

    /// <summary>Transitions in the log of everything.</summary>
    public long Transitions { get; private set; }

    /// <summary>Rules on nodes whose last state follows from the input, and those of which it does not.</summary>
    public (long Decided, long Undecided) Rules { get; private set; }

    /// <summary>Nodes whose present value is not the expected one.</summary>
    public long UnequalValues { get; private set; }

    /// <summary>Compares until all agree, or for a limited time, and adds what the watchers saw live.</summary>
    public async Task<AlertVerdict> RunAsync(CancellationToken cancellationToken)
    {
        var began = Stopwatch.GetTimestamp();
        while (true)
        {
            var verdict = await CompareAsync(cancellationToken);
            if ((verdict.Gaps == 0 && verdict.Repeats == 0 && UnequalValues == 0) || Stopwatch.GetElapsedTime(began) > _settleLimit)
            {
                foreach (var watcher in desk.Watchers)
                {
                    verdict.Add(watcher.Log.Verdict);
                }

                return verdict;
            }

            await Task.Delay(_pause, TimeProvider.System, cancellationToken);
        }
    }

    private async Task<AlertVerdict> CompareAsync(CancellationToken cancellationToken)
    {
        var verdict = new AlertVerdict();
        var logs = new Dictionary<string, LoggedTransition[]>(StringComparer.Ordinal);
        foreach (var department in InputDepartment.All)
        {
            var watchers = desk.Watchers.Where(watcher => watcher.Department == department.Id).ToArray();
            var log = await desk.ReadAsync(department.Id, watchers.Max(watcher => watcher.Log.LastCursor), cancellationToken);
            logs[department.Id] = log;
            foreach (var watcher in watchers)
            {
                CompareWatcher(watcher.Log, log, verdict);
            }

            AlertLives.Check(department.Id, log, isWhole: department.Level == "info", verdict);
            AlertListing.Check(department.Id, (await desk.ListAsync(department.Id, cancellationToken)).Select(ToListed), log, verdict);
        }

        var everything = logs[InputDepartment.Everything];
        foreach (var department in InputDepartment.All.Where(department => department.Id != InputDepartment.Everything))
        {
            AlertOverlap.Check(department, logs[department.Id], everything, verdict);
        }

        Transitions = everything.Length;
        await CompareStatesAsync(everything, verdict, cancellationToken);
        return verdict;
    }

    private static void CompareWatcher(WatchedLog watched, LoggedTransition[] log, AlertVerdict verdict)
    {
        var seen = watched.Copy();
        var length = Math.Min(seen.Length, log.Length);
        if (!seen.AsSpan(0, length).SequenceEqual(log.AsSpan(0, length)) || seen.Length != log.Length)
        {
            verdict.Gap($"{watched.Name} saw {seen.Length} entries that are not the {log.Length} of the log");
        }
    }

    private async Task CompareStatesAsync(IEnumerable<LoggedTransition> everything, AlertVerdict verdict, CancellationToken cancellationToken)
    {
        var open = new Dictionary<(string, string, string), (int Level, string AlertId)>();
        foreach (var entry in everything)
        {
            if (entry.IsOpen)
            {
                open[entry.Subject] = (entry.Level, entry.AlertId);
            }
            else
            {
                open.Remove(entry.Subject);
            }
        }

        var tree = new ChaosTree(shape.Leaves);
        var states = new FinalStates(expected, _dictionary);
        var unequal = 0L;
        foreach (var indicator in Enum.GetValues<InputIndicator>())
        {
            var nodes = (await reader.NodesAsync(indicator, cancellationToken)).ToDictionary(node => node.Path, StringComparer.Ordinal);
            for (var depth = 0; depth <= ChaosTree.Depth; depth++)
            {
                for (var node = 0; node < tree.NodesAt(depth); node++)
                {
                    var path = ChaosTree.PathOf(depth, node);
                    unequal += nodes.TryGetValue(path, out var found) && states.Check(indicator, depth, node, found, open, verdict) ? 0 : 1;
                }
            }
        }

        UnequalValues = unequal;
        Rules = (states.Decided, states.Undecided);
    }

    private static ListedAlert ToListed(Alert alert) => new(
        alert.Id, (int)alert.Level, (int)alert.PeakLevel, alert.Open, (int)alert.Transitions, (alert.Indicator, alert.Path, alert.Rule));
}
