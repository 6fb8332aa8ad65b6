using System.Collections.Immutable;
using Monitoring.Partitions;

namespace Monitoring.LatePoints;

/// <summary>
/// Lists the late points of a partition and puts them into their buckets. One at a time of the latter, so that between the look at what
/// became of a point and the journal nobody else takes it.
/// </summary>
internal sealed class LateDesk(
    int partition, LateBook book, ILateStore store, PartitionMailbox mailbox, PartitionCheckpointer checkpointer,
    PartitionMetrics metrics)
{
    private Task _turn = Task.CompletedTask;

    /// <summary>The points that a selection takes among the next so many.</summary>
    public Task<LatePage> ListAsync(LateSelection selection, CancellationToken cancellationToken) => checkpointer.ReadConsistentlyAsync(
        async () =>
        {
            var stored = await store.ReadAsync(partition, selection, cancellationToken);
            var seen = stored.Select(book.AsItStands)
                .Concat(stored.Count < selection.Limit ? book.Points.Where(point => point.Id > selection.After) : [])
                .Take(selection.Limit)
                .ToList();
            return new LatePage
            {
                Points = [.. seen.Where(point => selection.Takes(point))],
                Next = seen.Count == selection.Limit ? seen[^1].Id : null,
            };
        },
        cancellationToken);

    /// <summary>Puts points into their buckets; the answers stand in the order of the ids.</summary>
    public Task<ImmutableArray<ReinjectStatus>> ReinjectAsync(ImmutableArray<LateId> ids, CancellationToken cancellationToken)
    {
        var mine = ReinjectBehindAsync(_turn, ids, cancellationToken);
        _turn = mine;
        return mine;
    }

    private async Task<ImmutableArray<ReinjectStatus>> ReinjectBehindAsync(
        Task before, ImmutableArray<LateId> ids, CancellationToken cancellationToken)
    {
        await Task.WhenAny(before); // Its failure is told to its own caller.
        var kept = await FindKeptAsync(ids, cancellationToken);
        var answers = new Dictionary<LateId, ReinjectStatus>(ids.Length);
        var wanted = new List<LatePoint>(ids.Length);
        foreach (var id in ids)
        {
            if (!kept.TryGetValue(id, out var point))
            {
                answers[id] = ReinjectStatus.Unknown;
            }
            else if (point.State == LateState.Reinjected)
            {
                answers[id] = ReinjectStatus.AlreadyReinjected;
            }
            else if (answers.TryAdd(id, ReinjectStatus.Reinjected))
            {
                wanted.Add(point);
            }
        }

        if (wanted.Count > 0)
        {
            var decided = await mailbox.ReinjectAsync(wanted);
            for (var index = 0; index < decided.Length; index++)
            {
                answers[wanted[index].Id] = decided[index];
            }

            metrics.OnLateReinjected(decided.Count(status => status == ReinjectStatus.Reinjected));
        }

        return ToAnswers(ids, answers);
    }

    /// <summary>An id that is asked for twice in one call is taken once.</summary>
    private static ImmutableArray<ReinjectStatus> ToAnswers(ImmutableArray<LateId> ids, Dictionary<LateId, ReinjectStatus> answers)
    {
        var told = new HashSet<LateId>(ids.Length);
        return
        [
            .. ids.Select(id => !told.Add(id) && answers[id] == ReinjectStatus.Reinjected ? ReinjectStatus.AlreadyReinjected : answers[id]),
        ];
    }

    private async Task<Dictionary<LateId, LatePoint>> FindKeptAsync(ImmutableArray<LateId> ids, CancellationToken cancellationToken)
    {
        // First what is in memory, then the store: what a checkpoint moves meanwhile is seen in one of them, and what was put into its
        // bucket is known here until the store knows it.
        var asked = ids.ToHashSet();
        var found = book.Points.Where(point => asked.Contains(point.Id)).ToDictionary(point => point.Id);
        var reinjected = asked.Where(book.IsReinjected).ToHashSet();
        var missing = asked.Where(id => !found.ContainsKey(id)).ToList();
        foreach (var point in missing.Count == 0 ? [] : await store.FindAsync(partition, missing, cancellationToken))
        {
            found[point.Id] = reinjected.Contains(point.Id) ? point with { State = LateState.Reinjected } : point;
        }

        return found;
    }
}
