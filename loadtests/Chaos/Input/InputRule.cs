namespace Monitoring.Chaos.Input;

/// <summary>A level of a rule of the workload.</summary>
/// <param name="Level">Word of the dictionary: info, warning or critical.</param>
/// <param name="Enter">The level begins at this value.</param>
/// <param name="Exit">The level ends behind this value.</param>
/// <param name="HoldSeconds">How long the threshold must be reached before the level begins.</param>
internal sealed record InputLevel(string Level, double Enter, double Exit, int HoldSeconds);

/// <summary>A rule of the workload.</summary>
/// <param name="Indicator">Whose rule.</param>
/// <param name="Id">Id within the indicator.</param>
/// <param name="Path">Pattern of the nodes it watches.</param>
/// <param name="IsAbove">Breached at or above the threshold; otherwise at or below.</param>
/// <param name="Levels">From info to critical.</param>
internal sealed record InputRule(InputIndicator Indicator, string Id, string Path, bool IsAbove, InputLevel[] Levels);
