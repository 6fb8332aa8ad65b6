using Monitoring.Alerting;
using Monitoring.Partitions;

namespace Monitoring.Departments;

/// <summary>
/// Entries that are to be appended to an <see cref="AlertLog"/> at once. Sees the log as it will be when the draft is durable, and leaves
/// it as it is: a draft that cannot be stored is thrown away.
/// </summary>
internal sealed class AlertLogDraft
{
    private readonly AlertLog _log;
    private readonly long _loggedAt;
    private readonly List<DraftedEntry> _entries = [];
    private readonly Dictionary<int, long> _watermarks = [];
    private readonly Dictionary<string, LoggedAlert> _changed = new(StringComparer.Ordinal);

    internal AlertLogDraft(AlertLog log, long now)
    {
        _log = log;
        BaseCursor = log.LastCursor;

        // The wall clock may be set back; the log's time must not be, since readers search it.
        _loggedAt = Math.Max(log.LastLoggedAt, now);
    }

    /// <summary>End of the log that the draft continues.</summary>
    public long BaseCursor { get; }

    /// <summary>What is to be appended, in order.</summary>
    public IReadOnlyList<DraftedEntry> Entries => _entries;

    /// <summary>Watermarks that change with it.</summary>
    public IEnumerable<SenderWatermark> Watermarks => _watermarks.Select(pair => new SenderWatermark(pair.Key, pair.Value));

    /// <summary>True when something in front of a delivery is missing.</summary>
    public bool HasGap { get; private set; }

    /// <summary>Adds what is new in a delivery. <see cref="DeliveryStatus.Accepted"/> holds once the draft is durable.</summary>
    public DeliveryStatus Append(TransitionDelivery delivery)
    {
        var watermark = _watermarks.TryGetValue(delivery.Sender, out var drafted) ? drafted : _log.WatermarkOf(delivery.Sender);
        if (delivery.AfterNumber > watermark)
        {
            HasGap = true;
            return DeliveryStatus.Gap;
        }

        var transitions = delivery.Transitions.IsDefault ? [] : delivery.Transitions;
        var last = delivery.AfterNumber + transitions.Length;
        if (last <= watermark)
        {
            return DeliveryStatus.Duplicate;
        }

        for (var index = (int)(watermark - delivery.AfterNumber); index < transitions.Length; index++)
        {
            Append(transitions[index]);
        }

        _watermarks[delivery.Sender] = last;
        return DeliveryStatus.Accepted;
    }

    /// <summary>Takes an open alert in hand; null when the log has no such alert open.</summary>
    public Alert? Acknowledge(AcknowledgeCommand command)
    {
        if (Find(command.AlertId) is not { Alert.IsOpen: true } logged)
        {
            return null;
        }

        var alert = logged.Alert;
        var transition = alert.Last with
        {
            Kind = TransitionKind.Acknowledged,
            Time = _loggedAt,
            Person = command.Person,
            Comment = command.Comment,
        };
        var acknowledged = alert with
        {
            Transitions = alert.Transitions + 1,
            ChangedAt = _loggedAt,
            Acknowledgement = new Acknowledgement { Person = command.Person, Comment = command.Comment, Time = _loggedAt },
        };
        Append(transition, new LoggedAlert(logged.FirstCursor, acknowledged));
        return acknowledged;
    }

    private void Append(AlertTransition transition)
    {
        // An alert begins in this log with whatever step is told first: a department may be warned from a higher level on.
        var logged = Find(transition.AlertId) is { Alert.IsOpen: true } known
            ? known with
            {
                Alert = known.Alert with { Last = transition, Transitions = known.Alert.Transitions + 1, ChangedAt = transition.Time },
            }
            : new LoggedAlert(NextCursor, new Alert { Last = transition, Transitions = 1, ChangedAt = transition.Time });
        Append(transition, logged);
    }

    private void Append(AlertTransition transition, LoggedAlert after)
    {
        var entry = new AlertLogEntry { Cursor = NextCursor, LoggedAt = _loggedAt, Transition = transition, Alert = after.Alert };
        _entries.Add(new DraftedEntry(after.FirstCursor, entry));
        _changed[transition.AlertId] = after;
    }

    private long NextCursor => BaseCursor + _entries.Count + 1;

    private LoggedAlert? Find(string alertId) => _changed.TryGetValue(alertId, out var logged) ? logged : _log.FindOpen(alertId);
}
