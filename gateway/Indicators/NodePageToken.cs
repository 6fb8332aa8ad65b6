using Monitoring.Gateway.Hosting;

namespace Monitoring.Gateway.Indicators;

/// <summary>Where a page of nodes goes on: behind a path. Begins with a '/', since the path of a root is empty.</summary>
internal static class NodePageToken
{
    public static string Behind(string path) => $"/{path}";

    /// <summary>The path, or null for the first page.</summary>
    public static string? Parse(string token) => token.Length == 0 ? null
        : token[0] == '/' ? token[1..]
        : throw RpcErrors.Invalid("page_token is malformed; expected the next_page_token of the previous response");
}
