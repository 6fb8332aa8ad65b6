using Monitoring.Indicators;

namespace Monitoring.Gateway.Ingest;

/// <summary>What a source is told about points that are not counted.</summary>
internal static class Rejections
{
    public const string Unnamed = "the point has neither an indicator nor a handle; set one of them";

    public const string CorrectionOverdue =
        "the corrected point is so old that its raw value is not kept any more; correct it sooner, or keep raw points longer (History:RawRetention)";

    public static string TooManyNodes(string node) =>
        $"there is no room for the new node '{Shorten(node)}'; check that paths hold no ever new names, or raise Partitions:MaxNodes";

    public static string UnknownIndicator(string code) =>
        $"no indicator '{Shorten(code)}' is in the dictionary; apply a dictionary that defines it or correct the code";

    public static string OverlongPath(int length, int allowed) => $"the path has {length} characters, at most {allowed} are allowed";

    public static string UnboundHandle(uint handle) =>
        $"handle {handle} was not bound on this stream; first send a point with indicator, path and this handle";

    public static string OverlargeHandle(uint handle, int allowed) =>
        $"handle {handle} is larger than {allowed}; number handles densely from 1";

    public static string InvalidValue(double value) => $"the value is {value}, expected a finite number; leave the point out instead";

    public static string InvalidTime(long time) =>
        $"the time is {time}, expected milliseconds since 1970-01-01T00:00:00Z greater than 0";

    public static string FutureTime(long time, long latest) =>
        $"the time {time} is {time - latest} ms beyond what is allowed ahead of now; correct the source's clock or unit (milliseconds)";

    private static string Shorten(string text) =>
        text.Length <= NodeKey.MaxCodeLength ? text : string.Concat(text.AsSpan(0, NodeKey.MaxCodeLength - 3), "...");
}
