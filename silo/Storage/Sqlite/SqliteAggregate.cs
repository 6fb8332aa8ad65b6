using Microsoft.Data.Sqlite;
using Monitoring.Indicators;

namespace Monitoring.Storage.Sqlite;

/// <summary>An aggregate as columns.</summary>
internal static class SqliteAggregate
{
    public const string Columns = "count, raw_sum, compensation, min, max, first, first_time, last, last_time";

    public const string Parameters = "@count, @raw_sum, @compensation, @min, @max, @first, @first_time, @last, @last_time";

    /// <summary>Reads <see cref="Columns"/> that begin at a position.</summary>
    public static Aggregate Read(SqliteDataReader reader, int first) => new()
    {
        Count = reader.GetInt64(first),
        RawSum = reader.IsDBNull(first + 1) ? double.NaN : reader.GetDouble(first + 1),
        Compensation = reader.GetDouble(first + 2),
        Min = reader.GetDouble(first + 3),
        Max = reader.GetDouble(first + 4),
        First = reader.GetDouble(first + 5),
        FirstTime = reader.GetInt64(first + 6),
        Last = reader.GetDouble(first + 7),
        LastTime = reader.GetInt64(first + 8),
    };

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
