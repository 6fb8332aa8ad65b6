using CsCheck;
using Monitoring.Alerting;
using Monitoring.Infrastructure;

namespace Monitoring.Departments;

public sealed class AlertLogTailTests
{
    [Fact]
    public void TryRead_AnyCursor_GivesTheLogOrAdmitsThatItCannot() =>
        Gen.Select(Gen.Int[1, 8], Gen.Int[0, 5].Array[0, 6], Gen.Int[0, 30], Gen.Int[1, 10]).Sample((capacity, batches, after, limit) =>
        {
            var tail = new AlertLogTail(capacity);
            var log = new List<AlertLogEntry>();
            foreach (var batch in batches)
            {
                var added = Enumerable.Range(log.Count + 1, batch).Select(Entry).ToList();
                log.AddRange(added);
                tail.Add([.. added]);
            }

            var isThere = tail.TryRead(after, limit, out var entries);

            Assert.Equal(log.Count > 0 && after >= log.Count - capacity, isThere);
            Assert.Equal(isThere ? log.Where(entry => entry.Cursor > after).Take(limit) : [], entries);
        });

    private static AlertLogEntry Entry(int cursor)
    {
        var transition = Sample.Transition("a", TransitionKind.Firing);
        return new AlertLogEntry
        {
            Cursor = cursor,
            LoggedAt = cursor,
            Transition = transition,
            Alert = new Alert { Last = transition, Transitions = 1, ChangedAt = 1 },
        };
    }
}
