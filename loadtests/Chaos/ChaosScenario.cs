using Monitoring.Chaos.Processes;
using Monitoring.Chaos.Reporting;

namespace Monitoring.Chaos;

/// <summary>The chaos workload: starts a centre, runs, reports, and keeps logs and data when something was wrong.</summary>
internal sealed class ChaosScenario(ChaosOptions options, Action<string> tell)
{
    private const double ShareOfMost = 0.7;

    /// <summary>Runs it.</summary>
    public async Task<ChaosReport> RunAsync(CancellationToken cancellationToken)
    {
        var rate = options.Rate;
        if (rate == 0)
        {
            var most = await InFolderAsync((run, _) => run.MeasureAsync(cancellationToken), cancellationToken);
            rate = Math.Max(1, (int)(ShareOfMost * most));
        }

        return await InFolderAsync(
            async (run, keep) =>
            {
                var report = await run.RunAsync(rate, cancellationToken);
                keep(options.Keep || !report.IsGood);
                return report;
            },
            cancellationToken);
    }

    /// <summary>Does something to a centre of its own, and keeps its logs and data when that failed or asked for it.</summary>
    private async Task<T> InFolderAsync<T>(Func<ChaosRun, Action<bool>, Task<T>> act, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("monitoring-chaos-");
        var isKept = true;
        tell($"seed {options.Seed}, logs and data in {folder.FullName}");
        try
        {
            var request = new CentreRequest(options.Silos, options.Gateways, options.Storage, options.Cuts, folder.FullName);
            await using var centre = await Centre.StartAsync(request, tell, cancellationToken);
            using var run = new ChaosRun(options, centre, tell);
            var keeps = false;
            var result = await act(run, keep => keeps = keep);
            isKept = keeps;
            return result;
        }
        finally
        {
            if (isKept)
            {
                tell($"kept {folder.FullName}");
            }
            else
            {
                folder.Delete(recursive: true);
            }
        }
    }
}
