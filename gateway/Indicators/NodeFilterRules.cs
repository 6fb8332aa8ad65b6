using Grpc.Core;
using Monitoring.Gateway.Hosting;
using Monitoring.Indicators;

namespace Monitoring.Gateway.Indicators;

/// <summary>
/// What is allowed to filter by where the indicator need not be in the dictionary any more, so that a mistake never reaches storage.
/// </summary>
internal static class NodeFilterRules
{
    /// <exception cref="RpcException">INVALID_ARGUMENT: a field could never match anything.</exception>
    /// <param name="indicator">Code of an indicator; empty for every one.</param>
    /// <param name="pathPrefix">A path; empty for every one.</param>
    /// <param name="message">Name of the message within the request, with a '.'; empty for the request.</param>
    public static void Check(string indicator, string pathPrefix, string message = "")
    {
        if (indicator.Length > 0 && NodeKey.CodeMistake(indicator) is { } wrongCode)
        {
            throw RpcErrors.Invalid($"{message}indicator {wrongCode}");
        }

        // A mistake begins with the word path, and the name of the field says more.
        if (NodeKey.PathMistake(pathPrefix, NodeKey.MaxDepth) is { } wrongPath)
        {
            throw RpcErrors.Invalid($"{message}path_prefix{wrongPath["path".Length..]}");
        }
    }
}
