using System.Collections.Immutable;
using Monitoring.Alerting;
using Monitoring.Gateway.Hosting;
using Wire = Monitoring.Protocol.V1;

namespace Monitoring.Gateway.Alerts;

/// <summary>Alerts in the words of the protocol.</summary>
internal static class AlertMapping
{
    public static Wire.AlertLevel ToWire(AlertLevel level) => level switch
    {
        AlertLevel.Info => Wire.AlertLevel.Info,
        AlertLevel.Warning => Wire.AlertLevel.Warning,
        AlertLevel.Critical => Wire.AlertLevel.Critical,
        _ => Wire.AlertLevel.Unspecified,
    };

    public static AlertLevel ToDomain(Wire.AlertLevel level) => level switch
    {
        Wire.AlertLevel.Info => AlertLevel.Info,
        Wire.AlertLevel.Warning => AlertLevel.Warning,
        Wire.AlertLevel.Critical => AlertLevel.Critical,
        _ => AlertLevel.None,
    };

    /// <summary>Levels to filter by; INVALID_ARGUMENT for one that is none.</summary>
    public static ImmutableArray<AlertLevel> ToLevels(IEnumerable<Wire.AlertLevel> levels)
    {
        var mapped = ImmutableArray.CreateBuilder<AlertLevel>();
        foreach (var level in levels)
        {
            var domain = ToDomain(level);
            if (domain == AlertLevel.None)
            {
                throw RpcErrors.Invalid($"level {level} is none; expected ALERT_LEVEL_INFO, ALERT_LEVEL_WARNING or ALERT_LEVEL_CRITICAL");
            }

            if (!mapped.Contains(domain))
            {
                mapped.Add(domain);
            }
        }

        return mapped.ToImmutable();
    }

    public static Wire.TransitionKind ToWire(TransitionKind kind) => kind switch
    {
        TransitionKind.Firing => Wire.TransitionKind.Firing,
        TransitionKind.Escalated => Wire.TransitionKind.Escalated,
        TransitionKind.Deescalated => Wire.TransitionKind.Deescalated,
        TransitionKind.Resolved => Wire.TransitionKind.Resolved,
        TransitionKind.Acknowledged => Wire.TransitionKind.Acknowledged,
        _ => Wire.TransitionKind.Unspecified,
    };

    public static Wire.Alert ToWire(Alert alert)
    {
        var last = alert.Last;
        var wire = new Wire.Alert
        {
            Id = alert.Id,
            Indicator = last.Node.Code,
            Path = last.Node.Path,
            Rule = last.Rule,
            Level = ToWire(last.Level),
            PeakLevel = ToWire(last.PeakLevel),
            Open = alert.IsOpen,
            StartedUnixMs = last.StartedAt,
            ChangedUnixMs = alert.ChangedAt,
            Transitions = (uint)alert.Transitions,
            AcknowledgedBy = alert.Acknowledgement?.Person ?? string.Empty,
            AcknowledgeComment = alert.Acknowledgement?.Comment ?? string.Empty,
            AcknowledgedUnixMs = alert.Acknowledgement?.Time ?? 0,
            WindowPoints = (ulong)last.WindowPoints,
            DictionaryVersion = (ulong)last.DictionaryVersion,
        };
        (wire.WindowStartUnixMs, wire.WindowEndUnixMs) = UnixTime.Span(last.WindowStart, last.WindowEnd);
        SetIfKnown(last, value => wire.Value = value, threshold => wire.Threshold = threshold);
        return wire;
    }

    public static Wire.WatchAlertsResponse ToWire(AlertFeedItem item) => item switch
    {
        AlertFeedItem.Event happened => new() { Event = ToWire(happened) },
        AlertFeedItem.SnapshotAlert open => new()
        {
            Event = new Wire.AlertEvent { Department = open.Department, Alert = ToWire(open.Alert) },
        },
        AlertFeedItem.SnapshotComplete complete => new() { SnapshotComplete = new Wire.SnapshotComplete { Cursor = complete.Cursor } },
        AlertFeedItem.Heartbeat heartbeat => new() { Heartbeat = new Wire.Heartbeat { Cursor = heartbeat.Cursor } },
        _ => throw new ArgumentOutOfRangeException(nameof(item), item, "Not an item of a feed."),
    };

    public static AlertWatchStart ToStart(Wire.WatchAlertsRequest request) => request.StartCase switch
    {
        Wire.WatchAlertsRequest.StartOneofCase.Cursor => new AlertWatchStart.Cursor(request.Cursor),
        Wire.WatchAlertsRequest.StartOneofCase.SinceUnixMs when request.SinceUnixMs is < 0 or > UnixTime.Latest => throw RpcErrors.Invalid(
            $"since_unix_ms is {request.SinceUnixMs}, expected 0 to {UnixTime.Latest}, in milliseconds since 1970-01-01T00:00:00Z"),
        Wire.WatchAlertsRequest.StartOneofCase.SinceUnixMs => new AlertWatchStart.Since(request.SinceUnixMs),
        Wire.WatchAlertsRequest.StartOneofCase.Snapshot when request.Snapshot => new AlertWatchStart.Snapshot(),
        _ => new AlertWatchStart.Now(),
    };

    private static Wire.AlertEvent ToWire(AlertFeedItem.Event happened)
    {
        var transition = happened.Entry.Transition;
        var wire = new Wire.AlertTransition
        {
            Number = (uint)happened.Entry.Alert.Transitions,
            Kind = ToWire(transition.Kind),
            TimeUnixMs = transition.Time,
            Level = ToWire(transition.Level),
            Person = transition.Person,
            Comment = transition.Comment,
        };
        SetIfKnown(transition, value => wire.Value = value, threshold => wire.Threshold = threshold);
        return new Wire.AlertEvent
        {
            Cursor = happened.Cursor,
            Department = happened.Department,
            Transition = wire,
            Alert = ToWire(happened.Entry.Alert),
        };
    }

    private static void SetIfKnown(AlertTransition transition, Action<double> setValue, Action<double> setThreshold)
    {
        if (transition.Value is { } value)
        {
            setValue(value);
        }

        if (transition.Threshold is { } threshold)
        {
            setThreshold(threshold);
        }
    }
}
