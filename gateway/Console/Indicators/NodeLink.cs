using Monitoring.Indicators;

namespace Monitoring.Gateway.Console.Indicators;

/// <summary>Addresses of nodes within the console.</summary>
internal static class NodeLink
{
    /// <summary>Address of a node's page, relative to the root of the site.</summary>
    public static string To(NodeKey node) => To(node.Code, node.Path);

    /// <summary>Address of a node's page, relative to the root of the site.</summary>
    public static string To(string code, string path) =>
        "/indicators/" + Uri.EscapeDataString(code)
        + string.Concat(path.Split('/', StringSplitOptions.RemoveEmptyEntries).Select(part => "/" + Uri.EscapeDataString(part)));
}
