using Monitoring.Alerting;
using Monitoring.Partitions;

namespace Monitoring.Departments;

/// <summary>The oracle: a plain list that is searched from the beginning for every question.</summary>
internal sealed class NaiveAlertLog
{
    private readonly List<(AlertTransition Transition, int Sender, long Number, long LoggedAt)> _entries = [];

    public NaiveAlertLog Copy()
    {
        var copy = new NaiveAlertLog();
        copy._entries.AddRange(_entries);
        return copy;
    }

    public DeliveryStatus Append(TransitionDelivery delivery, long now)
    {
        var known = _entries.Count(entry => entry.Sender == delivery.Sender);
        if (Enumerable.Range(1, (int)delivery.AfterNumber).Any(number => !Has(delivery.Sender, number)))
        {
            return DeliveryStatus.Gap;
        }

        for (var index = 0; index < delivery.Transitions.Length; index++)
        {
            var number = delivery.AfterNumber + 1 + index;
            if (!Has(delivery.Sender, number))
            {
                _entries.Add((delivery.Transitions[index], delivery.Sender, number, LoggedAt(now)));
            }
        }

        return _entries.Count(entry => entry.Sender == delivery.Sender) > known ? DeliveryStatus.Accepted : DeliveryStatus.Duplicate;
    }

    public Alert? Acknowledge(AcknowledgeCommand command, long now)
    {
        if (AlertAfter(_entries.Count, command.AlertId) is not { IsOpen: true } alert)
        {
            return null;
        }

        var at = LoggedAt(now);
        var transition = alert.Last with
        {
            Kind = TransitionKind.Acknowledged,
            Time = at,
            Person = command.Person,
            Comment = command.Comment,
        };
        _entries.Add((transition, -1, 0, at));
        return AlertAfter(_entries.Count, command.AlertId);
    }

    public List<AlertLogEntry> Entries() =>
    [
        .. _entries.Select((entry, index) => new AlertLogEntry
        {
            Cursor = index + 1,
            LoggedAt = entry.LoggedAt,
            Transition = entry.Transition,
            Alert = AlertAfter(index + 1, entry.Transition.AlertId)!,
        }),
    ];

    public List<Alert> Open() =>
    [
        .. _entries.Select(entry => entry.Transition.AlertId).Distinct()
            .Select(id => AlertAfter(_entries.Count, id)!).Where(alert => alert.IsOpen)
            .OrderBy(alert => alert.Last.StartedAt),
    ];

    public List<(int Sender, long Number)> Logged() => [.. _entries.Where(entry => entry.Sender >= 0).Select(entry => (entry.Sender, entry.Number))];

    private bool Has(int sender, long number) => _entries.Any(entry => entry.Sender == sender && entry.Number == number);

    private long LoggedAt(long now) => _entries.Count == 0 ? now : Math.Max(now, _entries.Max(entry => entry.LoggedAt));

    private Alert? AlertAfter(int count, string id)
    {
        var steps = _entries.Take(count).Where(entry => entry.Transition.AlertId == id).Select(entry => entry.Transition).ToList();
        var acknowledged = steps.LastOrDefault(step => step.Kind == TransitionKind.Acknowledged);
        return steps.Count == 0 ? null : new Alert
        {
            Last = steps.Last(step => step.Kind != TransitionKind.Acknowledged),
            Transitions = steps.Count,
            ChangedAt = steps[^1].Time,
            Acknowledgement = acknowledged is null ? null : new Acknowledgement
            {
                Person = acknowledged.Person,
                Comment = acknowledged.Comment,
                Time = acknowledged.Time,
            },
        };
    }
}
