using System.Globalization;
using Monitoring.LatePoints;
using Wire = Monitoring.Protocol.V1;

namespace Monitoring.Gateway.Ingest;

/// <summary>Late points in the words of the protocol.</summary>
internal static class LateMapping
{
    public static Wire.LatePoint ToWire(LatePoint point) => new()
    {
        Id = point.Id.ToString(),
        Indicator = point.Key.Code,
        Path = point.Key.Path,
        TimeUnixMs = point.Time,
        Value = point.Value,
        Source = point.Source,
        ReceivedUnixMs = point.ReceivedAt,
        Reason = point.Reason == LateReason.TooOld ? Wire.LateReason.TooOld : Wire.LateReason.Unspecified,
        Message = $"the point was {Text(point.ReceivedAt - point.Time)} old when it came, {point.Key.Code} allows {Text(point.AllowedLateness)}",
        Reinjected = point.State == LateState.Reinjected,
    };

    public static Wire.ReinjectLateResult ToWire(string id, ReinjectStatus status) => new()
    {
        Id = id,
        Status = status switch
        {
            ReinjectStatus.Reinjected => Wire.ReinjectStatus.Reinjected,
            ReinjectStatus.AlreadyReinjected => Wire.ReinjectStatus.AlreadyReinjected,
            ReinjectStatus.Unknown => Wire.ReinjectStatus.Unknown,
            ReinjectStatus.NotMeasured => Wire.ReinjectStatus.NotMeasured,
            _ => Wire.ReinjectStatus.Unspecified,
        },
        Message = status switch
        {
            ReinjectStatus.AlreadyReinjected => "the point was put into its bucket before and counts once; there is nothing to do",
            ReinjectStatus.Unknown => "no such point is kept, or not any more; list the late points anew, or have the source send it again",
            ReinjectStatus.NotMeasured => "the point's indicator is not in the dictionary; apply a dictionary that defines it first",
            _ => string.Empty,
        },
    };

    private static string Text(long milliseconds) => TimeSpan.FromMilliseconds(milliseconds).ToString("c", CultureInfo.InvariantCulture);
}
