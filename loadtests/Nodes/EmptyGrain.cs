namespace Monitoring.Nodes;

/// <summary>An actor that holds nothing.</summary>
[Alias("monitoring.load-tests.empty")]
internal interface IEmptyGrain : IGrainWithIntegerKey
{
    /// <summary>Does nothing, which activates it.</summary>
    [Alias("touch")]
    Task TouchAsync();
}

/// <inheritdoc cref="IEmptyGrain"/>
[GrainType("load-tests-empty")]
internal sealed class EmptyGrain : Grain, IEmptyGrain
{
    /// <inheritdoc/>
    public Task TouchAsync() => Task.CompletedTask;
}
