using System.Runtime.ExceptionServices;
using System.Threading.Tasks.Sources;
using Monitoring.Indicators;

namespace Monitoring.Partitions;

/// <summary>
/// Turns that a partition gives to nodes near it, each in a place of its own. The partition waits for all of them at once, so that it is woken
/// once for many. Used from one scheduler alone.
/// </summary>
/// <param name="places">Turns at the same time.</param>
internal sealed class NodeTurns(int places) : IValueTaskSource
{
    private static readonly Action<object> _run = state => ((NodeTurn)state).Run();

    private readonly NodeTurn?[] _turns = new NodeTurn?[places];
    private ManualResetValueTaskSourceCore<bool> _ended = new() { RunContinuationsAsynchronously = true };

    // One more than there are, until the partition waits: what ends before that must not look like the last one.
    private int _running = 1;

    /// <summary>Gives a node a turn, in which it applies an input.</summary>
    public void Give(int place, INearNode node, IWorkItemScheduler scheduler, NodeInput input)
    {
        var turn = _turns[place] ??= new NodeTurn(this);
        turn.Begin(node, input);
        Interlocked.Increment(ref _running);
        scheduler.QueueAction(_run, turn);
    }

    /// <summary>Waits until every turn has ended.</summary>
    public ValueTask WaitAsync()
    {
        if (Interlocked.Decrement(ref _running) > 0)
        {
            return new ValueTask(this, _ended.Version);
        }

        _running = 1;
        return ValueTask.CompletedTask;
    }

    /// <summary>What a turn that has ended brought; null when none was given in this place since it was taken.</summary>
    public NodeOutcome? Take(int place) => _turns[place]?.Take();

    void IValueTaskSource.GetResult(short token)
    {
        _ended.GetResult(token);
        _ended.Reset();
        _running = 1;
    }

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _ended.GetStatus(token);

    void IValueTaskSource.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _ended.OnCompleted(continuation, state, token, flags);

    private void OnEnded()
    {
        if (Interlocked.Decrement(ref _running) == 0)
        {
            _ended.SetResult(true);
        }
    }

    private sealed class NodeTurn(NodeTurns turns)
    {
        private INearNode? _node;
        private NodeInput? _input;
        private NodeOutcome? _outcome;
        private ExceptionDispatchInfo? _failure;

        public void Begin(INearNode node, NodeInput input) => (_node, _input) = (node, input);

        public void Run()
        {
            try
            {
                _outcome = _node!.Apply(_input!);
            }
            catch (Exception exception)
            {
                _failure = ExceptionDispatchInfo.Capture(exception); // The partition gets it, as it would from a call.
            }

            turns.OnEnded();
        }

        public NodeOutcome? Take()
        {
            var (outcome, failure) = (_outcome, _failure);
            (_node, _input, _outcome, _failure) = (null, null, null, null);
            failure?.Throw();
            return outcome;
        }
    }
}
