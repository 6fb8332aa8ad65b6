using Microsoft.Data.Sqlite;
using Monitoring.Indicators;

namespace Monitoring.Storage.Sqlite;

/// <summary>An aggregate as parameters, in the order of <see cref="AggregateColumns.Names"/>.</summary>
internal static class SqliteAggregate
{
    public const string Parameters = "@count, @raw_sum, @compensation, @min, @max, @first, @first_time, @last, @last_time";

    /// <summary>Sets the <see cref="Parameters"/>.</summary>
    public static void Write(SqliteParameterCollection parameters, in Aggregate aggregate)
    {
        parameters["@count"].Value = aggregate.Count;
        parameters["@raw_sum"].Value = double.IsNaN(aggregate.RawSum) ? DBNull.Value : aggregate.RawSum;
        parameters["@compensation"].Value = aggregate.Compensation;
        parameters["@min"].Value = aggregate.Min;
        parameters["@max"].Value = aggregate.Max;
        parameters["@first"].Value = aggregate.First;
        parameters["@first_time"].Value = aggregate.FirstTime;
        parameters["@last"].Value = aggregate.Last;
        parameters["@last_time"].Value = aggregate.LastTime;
    }
}
