using Monitoring.Alerting;

namespace Monitoring.Departments;

/// <summary>An alert and where its life in the log began.</summary>
/// <param name="FirstCursor">Cursor of its first entry.</param>
/// <param name="Alert">The alert as the log left it.</param>
internal readonly record struct LoggedAlert(long FirstCursor, Alert Alert);

/// <summary>An entry and where the life of its alert began.</summary>
/// <param name="FirstCursor">Cursor of the alert's first entry.</param>
/// <param name="Entry">The entry.</param>
internal readonly record struct DraftedEntry(long FirstCursor, AlertLogEntry Entry);
