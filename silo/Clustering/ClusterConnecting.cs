using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Monitoring.Clustering;

/// <summary>Lets a gateway that starts before its cluster try again until it is there.</summary>
internal sealed partial class ClusterConnecting(IOptions<ClusterOptions> options, TimeProvider clock, ILogger<ClusterConnecting> logger)
    : IClientConnectionRetryFilter
{
    private bool _isReported;

    public async Task<bool> ShouldRetryConnectionAttempt(Exception exception, CancellationToken cancellationToken)
    {
        if (!_isReported)
        {
            LogAway(options.Value.Id, exception.Message);
            _isReported = true;
        }

        await Task.Delay(options.Value.ConnectInterval, clock, cancellationToken);
        return true;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Cluster {Cluster} cannot be reached; it is tried until it can: {Reason}")]
    private partial void LogAway(string cluster, string reason);
}
