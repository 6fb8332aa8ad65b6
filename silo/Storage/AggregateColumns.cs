using System.Data.Common;
using Monitoring.Indicators;

namespace Monitoring.Storage;

/// <summary>An aggregate as columns, the same in every engine.</summary>
internal static class AggregateColumns
{
    public const string Names = "count, raw_sum, compensation, min, max, first, first_time, last, last_time";

    /// <summary>Reads <see cref="Names"/> that begin at a position.</summary>
    public static Aggregate Read(DbDataReader reader, int first) => new()
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
}
