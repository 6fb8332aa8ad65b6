using CsCheck;
using Monitoring.Alerting;
using Monitoring.Infrastructure;
using Monitoring.Partitions;

namespace Monitoring.Departments;

public sealed class AlertLogTests
{
    private enum Kind
    {
        Deliver,
        Acknowledge,
        Store,
        Fail,
        Restart,
    }

    private static readonly Gen<Step> GenStep = Gen.Select(
        Gen.Frequency((6, Gen.Const(Kind.Deliver)), (2, Gen.Const(Kind.Acknowledge)), (3, Gen.Const(Kind.Store)), (1, Gen.Const(Kind.Fail)), (1, Gen.Const(Kind.Restart))),
        Gen.Int[0, 2],
        Gen.Int[0, 30],
        Gen.Int[0, 8],
        Gen.Long[-3_000, 5_000],
        (kind, sender, number, count, elapsed) => new Step(kind, sender, number, count, elapsed));

    [Fact]
    public void Log_WhateverIsDeliveredResentOrLost_EqualsTheNaiveLog() =>
        Gen.Select(GenStep.Array[1, 60], Gen.Int[0, 1_000]).Sample((steps, seed) =>
        {
            var sent = Enumerable.Range(0, 3).Select(sender => LivesOf(sender, new Random(seed + sender))).ToArray();
            var now = 1_000_000L;
            var store = new List<DraftedEntry>();
            var watermarks = new Dictionary<int, long>();
            var (log, naive) = (new AlertLog(), new NaiveAlertLog());
            var (draft, draftedNaive) = (log.Draft(now), naive.Copy());
            foreach (var step in steps)
            {
                switch (step.Kind)
                {
                    case Kind.Deliver:
                        var delivery = Delivery(step, sent);
                        Assert.Equal(draftedNaive.Append(delivery, now), draft.Append(delivery));
                        break;
                    case Kind.Acknowledge:
                        var command = new AcknowledgeCommand { AlertId = $"{step.Sender}-{step.Number / 4}", Person = $"p{step.Count}", Comment = "c" };
                        Assert.Equal(draftedNaive.Acknowledge(command, now), draft.Acknowledge(command));
                        break;
                    case Kind.Store:
                        store.AddRange(draft.Entries);
                        foreach (var watermark in draft.Watermarks)
                        {
                            watermarks[watermark.Sender] = watermark.Number;
                        }

                        log.Commit(draft);
                        naive = draftedNaive;
                        break;
                    case Kind.Restart:
                        log = Restored(store, watermarks);
                        break;
                }

                if (step.Kind is Kind.Store or Kind.Fail or Kind.Restart)
                {
                    Assert.Equal(naive.Entries(), store.Select(stored => stored.Entry));
                    Assert.Equal(naive.Open(), log.GetOpen());
                    now += step.Elapsed;
                    (draft, draftedNaive) = (log.Draft(now), naive.Copy());
                }
            }

            var entries = store.Select(stored => stored.Entry).ToList();
            Assert.Equal(Enumerable.Range(1, entries.Count).Select(cursor => (long)cursor), entries.Select(entry => entry.Cursor));
            Assert.Equal(entries.Select(entry => entry.LoggedAt).Order(), entries.Select(entry => entry.LoggedAt));
            Assert.Equal(naive.Logged().Count, naive.Logged().Distinct().Count());
            Assert.Equal(log.LastCursor, entries.Count);
            Assert.Equal(log.LastLoggedAt, entries.LastOrDefault()?.LoggedAt ?? 0);
        });

    [Fact]
    public void Append_DeliveryBeginsBehindTheWatermark_IsAGapAndLogsNothing()
    {
        var draft = new AlertLog().Draft(1);

        var status = draft.Append(Delivery(1, after: 1, Sample.Transition("a", TransitionKind.Firing)));

        Assert.Equal(DeliveryStatus.Gap, status);
        Assert.Empty(draft.Entries);
        Assert.Empty(draft.Watermarks);
    }

    [Fact]
    public void Append_SecondDeliveryOfTheSameDraftOverlaps_LogsOnlyWhatIsNew()
    {
        var (first, second) = (Sample.Transition("a", TransitionKind.Firing), Sample.Transition("a", TransitionKind.Resolved));
        var draft = new AlertLog().Draft(1);

        Assert.Equal(DeliveryStatus.Accepted, draft.Append(Delivery(1, after: 0, first)));
        Assert.Equal(DeliveryStatus.Accepted, draft.Append(Delivery(1, after: 0, first, second)));
        Assert.Equal(DeliveryStatus.Duplicate, draft.Append(Delivery(1, after: 0, first, second)));

        Assert.Equal([first, second], draft.Entries.Select(entry => entry.Entry.Transition));
        Assert.Equal([1L, 1L], draft.Entries.Select(entry => entry.FirstCursor));
    }

    [Fact]
    public void Acknowledge_SecondPerson_IsLoggedToo()
    {
        var draft = new AlertLog().Draft(5_000);
        draft.Append(Delivery(1, after: 0, Sample.Transition("a", TransitionKind.Firing)));
        draft.Acknowledge(new AcknowledgeCommand { AlertId = "a", Person = "ann", Comment = "mine" });

        var alert = draft.Acknowledge(new AcknowledgeCommand { AlertId = "a", Person = "bob", Comment = "no, mine" });

        Assert.Equal(3, alert!.Transitions);
        Assert.Equal(new Acknowledgement { Person = "bob", Comment = "no, mine", Time = 5_000 }, alert.Acknowledgement);
        Assert.Equal(TransitionKind.Firing, alert.Last.Kind);
        Assert.Equal(["ann", "bob"], draft.Entries.Skip(1).Select(entry => entry.Entry.Transition.Person));
    }

    [Fact]
    public void Commit_LogWentOnMeanwhile_Throws()
    {
        var log = new AlertLog();
        var (first, second) = (log.Draft(1), log.Draft(1));
        first.Append(Delivery(1, after: 0, Sample.Transition("a", TransitionKind.Firing)));
        log.Commit(first);

        Assert.Throws<InvalidOperationException>(() => log.Commit(second));
    }

    /// <summary>What a sender's nodes decided: alerts of up to four steps each, some of which stay open, some told late in their life.</summary>
    private static AlertTransition[] LivesOf(int sender, Random random)
    {
        var transitions = new List<AlertTransition>();
        for (var alert = 0; alert < 8; alert++)
        {
            for (var step = random.Next(1, 5); step > 0; step--)
            {
                var kind = step == 1 && random.Next(3) > 0 ? TransitionKind.Resolved : (TransitionKind)random.Next(1, 4);
                var time = ((transitions.Count + 1) * 10) + sender;
                transitions.Add(Sample.Transition($"{sender}-{alert}", kind, time) with { StartedAt = (alert * 10) + sender });
            }
        }

        return [.. transitions];
    }

    private static TransitionDelivery Delivery(in Step step, AlertTransition[][] sent)
    {
        var after = Math.Min(step.Number, sent[step.Sender].Length);
        return Delivery(step.Sender, after, [.. sent[step.Sender].Skip(after).Take(step.Count)]);
    }

    private static TransitionDelivery Delivery(int sender, long after, params AlertTransition[] transitions) =>
        new() { Sender = sender, AfterNumber = after, Transitions = [.. transitions] };

    private static AlertLog Restored(List<DraftedEntry> store, Dictionary<int, long> watermarks) => new(
        store.LastOrDefault().Entry?.Cursor ?? 0,
        store.LastOrDefault().Entry?.LoggedAt ?? 0,
        watermarks.Select(pair => new SenderWatermark(pair.Key, pair.Value)),
        store.GroupBy(stored => stored.Entry.Alert.Id).Select(group => group.Last()).Where(stored => stored.Entry.Alert.IsOpen)
            .Select(stored => new LoggedAlert(stored.FirstCursor, stored.Entry.Alert)));

    private readonly record struct Step(Kind Kind, int Sender, int Number, int Count, long Elapsed);
}
