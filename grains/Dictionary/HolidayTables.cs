using System.Collections.Immutable;

namespace Monitoring.Dictionary;

/// <summary>The tables of holidays that stand beside the program.</summary>
/// <param name="Tables">Those that are right.</param>
/// <param name="Mistakes">What is wrong with the others; told to who names a table that is not there.</param>
internal sealed record HolidayTables(ImmutableArray<HolidayTable> Tables, ImmutableArray<Mistake> Mistakes)
{
    /// <summary>No tables.</summary>
    public static HolidayTables None { get; } = new([], []);
}
