using Monitoring.Alerting;
using Monitoring.Indicators;
using Monitoring.Partitions;

namespace Monitoring.Departments;

/// <summary>What may be asked of a department's alert log.</summary>
internal static class AlertLimits
{
    public const int MaxRead = 10_000;
    public const int MaxList = 1_000;
    public const int MaxAlertId = 100;
    public const int MaxPerson = 100;
    public const int MaxComment = 1_000;

    /// <exception cref="ArgumentOutOfRangeException">The cursor is negative, or the limit is not within 1 to <see cref="MaxRead"/>.</exception>
    public static void CheckRead(long afterCursor, int limit)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(afterCursor);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(limit);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, MaxRead);
    }

    /// <exception cref="ArgumentOutOfRangeException">The delivery begins behind a negative number.</exception>
    public static void Check(TransitionDelivery delivery)
    {
        if (delivery.AfterNumber < 0)
        {
            throw new ArgumentOutOfRangeException(nameof(delivery), delivery.AfterNumber, "AfterNumber must not be negative.");
        }
    }

    /// <exception cref="ArgumentException">A field of the command is empty, too long, or holds what cannot be stored.</exception>
    public static void Check(AcknowledgeCommand command)
    {
        CheckText(nameof(command.AlertId), command.AlertId, 1, MaxAlertId);
        CheckText(nameof(command.Person), command.Person, 1, MaxPerson);
        CheckText(nameof(command.Comment), command.Comment, 0, MaxComment);
        if (string.IsNullOrWhiteSpace(command.Person))
        {
            throw new ArgumentException("An acknowledgement names a person.", nameof(command));
        }
    }

    /// <exception cref="ArgumentException">A field of the filter is out of its range.</exception>
    public static void Check(AlertFilter filter)
    {
        if (filter.Limit is < 1 or > MaxList)
        {
            throw new ArgumentOutOfRangeException(nameof(filter), filter.Limit, $"Limit must be within 1 to {MaxList}.");
        }

        if (filter.BeforeCursor < 0)
        {
            throw new ArgumentOutOfRangeException(nameof(filter), filter.BeforeCursor, "BeforeCursor must not be negative.");
        }

        if (filter.Code.Length > 0 && NodeKey.CodeMistake(filter.Code) is { } wrong)
        {
            throw new ArgumentException($"{nameof(filter.Code)} {wrong}.", nameof(filter));
        }

        if (NodeKey.PathMistake(filter.PathPrefix, NodeKey.MaxDepth) is { } mistake)
        {
            throw new ArgumentException($"{nameof(filter.PathPrefix)}: {mistake}.", nameof(filter));
        }

        foreach (var level in filter.Levels.IsDefault ? [] : filter.Levels)
        {
            if (level is not (AlertLevel.Info or AlertLevel.Warning or AlertLevel.Critical))
            {
                throw new ArgumentOutOfRangeException(nameof(filter), level, "Levels to list are Info, Warning and Critical.");
            }
        }
    }

    private static void CheckText(string field, string value, int min, int max)
    {
        if (value.Length < min || value.Length > max)
        {
            throw new ArgumentOutOfRangeException(field, value.Length, $"{field} has {min} to {max} characters.");
        }

        // PostgreSQL stores every character but this one.
        if (value.Contains('\0', StringComparison.Ordinal))
        {
            throw new ArgumentException($"{field} holds the character U+0000, which is no text.", field);
        }
    }
}
