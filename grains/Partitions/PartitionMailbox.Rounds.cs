namespace Monitoring.Partitions;

internal sealed partial class PartitionMailbox
{
    /// <summary>
    /// What goes into the next journal entry: no heavier than <see cref="PartitionOptions.MaxEntryWeight"/> but for the last mail taken in.
    /// </summary>
    private List<Mail> TakeRound()
    {
        var round = new List<Mail>(_others.Count + 64);
        var weight = 0;
        Take(_others, options.MaxEntryWeight, round, ref weight);

        // What others contribute goes first, since its way is longer; but it must not keep the points here waiting for ever.
        var forPoints = IsCongested() ? 0 : Math.Min(_points.Weight, options.MaxEntryWeight / 4);
        if (!IsBacklogged())
        {
            Take(_contributions, options.MaxEntryWeight - forPoints, round, ref weight);
        }

        if (IsCongested())
        {
            return round;
        }

        Take(_reinjections, options.MaxEntryWeight - forPoints, round, ref weight);
        while (weight < options.MaxEntryWeight && _points.TryTake(out var points, out var pointsWeight))
        {
            round.Add(points);
            weight += pointsWeight;
            Metrics.OnMailboxChanged(-pointsWeight);
        }

        return round;
    }

    private static void Take<TMail>(Queue<TMail> queue, int limit, List<Mail> round, ref int weight)
        where TMail : Mail
    {
        while (weight < limit && queue.TryDequeue(out var mail))
        {
            round.Add(mail);
            weight += mail.Weight;
        }
    }
}
