using System.Collections.Immutable;
using Microsoft.AspNetCore.Components;
using Monitoring.Dictionary;
using Monitoring.Gateway.Indicators;
using Monitoring.Indicators;

namespace Monitoring.Gateway.Console.Indicators;

/// <summary>The present periods of a node, each beside the one before and the one a year ago.</summary>
public sealed partial class PeriodFacts
{
    private ImmutableArray<PeriodComparison> _comparisons = [];

    /// <summary>What the indicator means.</summary>
    [Parameter, EditorRequired]
    public required IndicatorDefinition Definition { get; set; }

    /// <summary>The node as it stands.</summary>
    [Parameter, EditorRequired]
    public required NodeReading Reading { get; set; }

    /// <inheritdoc/>
    protected override void Start() => NewLoop(isQuiet: true).Restart(FollowAsync);

    /// <summary>Compares now and then: what is past rarely changes.</summary>
    private async Task FollowAsync(Action arrived, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(Limits.SlowInterval, Clock);
        do
        {
            _comparisons = await Data.CompareAsync(Reading, Definition, cancellationToken);
            arrived();
            RequestRender();
        }
        while (await timer.WaitForNextTickAsync(cancellationToken));
    }

    private IEnumerable<Comparison> ChangesOf(Period period) => _comparisons
        .Where(comparison => comparison.Period == period)
        .SelectMany(comparison => comparison.Bases)
        .Where(change => change.Percent is not null)
        .DistinctBy(change => change.Span); // The year before this one is also a year ago.
}
