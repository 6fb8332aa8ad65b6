using Monitoring.Alerting;
using Monitoring.Infrastructure;

namespace Monitoring.Partitions;

public sealed class NoticeboxTests
{
    [Fact]
    public void Next_InPiecesAndAcrossARestart_NumbersTransitionsWithoutAGap()
    {
        var transitions = Enumerable.Range(1, 7).Select(number => Sample.Transition($"a{number}", TransitionKind.Firing)).ToList();
        var box = new Noticebox("ops");
        transitions.ForEach(box.Add);
        var first = box.Next(sender: 4, limit: 3)!;
        box.Acknowledge(first);

        var restored = new Noticebox("ops");
        restored.Restore(box.Store());
        var second = restored.Next(sender: 4, limit: 100)!;

        Assert.Equal((4, 0L), (first.Sender, first.AfterNumber));
        Assert.Equal(transitions[..3], first.Transitions);
        Assert.Equal(3, second.AfterNumber);
        Assert.Equal(transitions[3..], second.Transitions);
        restored.Acknowledge(second);
        Assert.Null(restored.Next(4, 100));
        Assert.Equal((0, 7L), (restored.Weight, restored.Store().AcknowledgedNumber));
    }
}
