using CsCheck;
using Monitoring.Gateway.Demo;

namespace Monitoring.Demo;

public sealed class DemoScheduleTests
{
    private const int BatchesPerRound = 100;
    private static readonly DateTimeOffset _start = new(2030, 5, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly DemoPace _pace = new(60, 10, BatchesPerRound, AsFastAsPossible: false);

    [Fact]
    public void Resume_FirstStart_BeginsNowAtTheFirstBatch()
    {
        var schedule = DemoSchedule.Empty.Resume(0, _start, _pace);

        Assert.Equal(new DemoSlot(0, 10, _start), schedule.Find(1));
        Assert.Equal(new DemoSlot(1, 10, _start.AddSeconds(1)), schedule.Find(2));
    }

    [Fact]
    public void Find_NextRound_NumbersOnWithLaterTimes()
    {
        var schedule = DemoSchedule.Empty.Resume(0, _start, _pace);

        Assert.Equal(new DemoSlot(BatchesPerRound, 10, _start.AddSeconds(BatchesPerRound)), schedule.Find(BatchesPerRound + 1));
    }

    [Fact]
    public void Resume_AfterDowntime_KeepsWhatMayHaveBeenSentAndBeginsTheRestNow()
    {
        var before = DemoSchedule.Empty.Resume(0, _start, _pace).Reserve(64);
        var restart = _start.AddHours(2);

        var after = before.Resume(10, restart, _pace);

        Assert.Equal(before.Find(64), after.Find(64));
        Assert.Equal(new DemoSlot(64, 10, restart), after.Find(65));
    }

    [Fact]
    public void Resume_RestartAheadOfSchedule_ChangesNothing()
    {
        var before = DemoSchedule.Empty.Resume(0, _start, _pace).Reserve(64);

        Assert.Same(before, before.Resume(10, _start.AddSeconds(12), _pace));
    }

    [Fact]
    public void Resume_OtherDays_BeginsARoundAnew()
    {
        var before = DemoSchedule.Empty.Resume(0, _start, _pace).Reserve(64);

        var after = before.Resume(64, _start.AddSeconds(12), _pace with { Days = 1, BatchesPerRound = 7 });

        Assert.Equal(new DemoSlot(0, 1, _start.AddSeconds(12)), after.Find(65));
    }

    [Fact]
    public void Resume_AsFastAsPossible_EndsTheRoundNow()
    {
        var schedule = DemoSchedule.Empty.Resume(0, _start, _pace with { AsFastAsPossible = true });

        Assert.Equal(_start.AddSeconds(-BatchesPerRound), schedule.Find(1)!.Value.Time);
        Assert.Equal(_start, schedule.Find(BatchesPerRound + 1)!.Value.Time);
    }

    [Fact]
    public void Resume_FileLost_GoesOnBehindTheAcknowledgement()
    {
        var schedule = DemoSchedule.Empty.Resume(500, _start, _pace);

        Assert.Null(schedule.Find(500));
        Assert.Equal(new DemoSlot(0, 10, _start), schedule.Find(501));
    }

    [Fact]
    public void Resume_AnyStarts_NeverChangesWhatMayHaveBeenSent() =>
        Gen.Select(Gen.Int[0, 10_000], Gen.Int[0, 300], Gen.Int[0, 64], Gen.Double[1, 5_000], Gen.Bool).Array[1, 20].Sample(starts =>
        {
            var schedule = DemoSchedule.Empty;
            var now = _start;
            var sent = new Dictionary<long, DemoSlot>();
            foreach (var (downtimeSeconds, sentBatches, lag, speed, isFast) in starts)
            {
                now = now.AddSeconds(downtimeSeconds);
                var acknowledged = Math.Max(0, schedule.ReservedThrough - lag);
                schedule = schedule.Resume(acknowledged, now, _pace with { Speed = speed, AsFastAsPossible = isFast });
                for (var sequence = acknowledged + 1; sequence <= acknowledged + sentBatches; sequence++)
                {
                    schedule = schedule.Reserve(sequence);
                    var slot = schedule.Find(sequence)!.Value;
                    Assert.Equal(sent.GetValueOrDefault(sequence, slot), slot);
                    Assert.Equal(sequence - 1, slot.Index);
                    sent[sequence] = slot;
                }
            }
        });
}
