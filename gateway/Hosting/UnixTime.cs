namespace Monitoring.Gateway.Hosting;

/// <summary>Times on the wire: milliseconds since 1970-01-01T00:00:00Z.</summary>
internal static class UnixTime
{
    /// <summary>The latest one that a request may name, the end of the year 9999: sums of a few such times and widths fit easily.</summary>
    public const long Latest = 253_402_300_799_999;

    /// <summary>A span of time; zeros for all of time, whose ends no client could show.</summary>
    public static (long Start, long End) Span(long start, long end) => end == long.MaxValue ? (0, 0) : (start, end);
}
