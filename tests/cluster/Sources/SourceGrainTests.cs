using Monitoring.Departments;

namespace Monitoring.Sources;

public sealed class SourceGrainTests(DepartmentCluster cluster) : IClassFixture<DepartmentCluster>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task OpenAsync_EveryTime_GivesAGreaterEpochThatIsStoredAlready()
    {
        var source = Source();
        for (var epoch = 1L; epoch <= 3; epoch++)
        {
            Assert.Equal(new SourceStream { Epoch = epoch, AcknowledgedSequence = 0 }, await source.OpenAsync(Token));
            Assert.Equal(epoch, Stored(source)!.Epoch);
        }
    }

    [Fact]
    public async Task OpenAsync_AfterDeactivation_GoesOnWithWhatWasAcknowledged()
    {
        var source = Source();
        var stream = await source.OpenAsync(Token);
        Assert.True(await source.RecordAcknowledgedAsync(stream.Epoch, 17, Token));

        await cluster.DeactivateAsync(source);

        Assert.Equal(new SourceStream { Epoch = 2, AcknowledgedSequence = 17 }, await source.OpenAsync(Token));
    }

    [Fact]
    public async Task RecordAcknowledgedAsync_OlderStream_IsRefusedAndChangesNothing()
    {
        var source = Source();
        var old = await source.OpenAsync(Token);
        _ = await source.OpenAsync(Token);

        Assert.False(await source.RecordAcknowledgedAsync(old.Epoch, 100, Token));

        Assert.Equal(0, (await source.OpenAsync(Token)).AcknowledgedSequence);
    }

    [Fact]
    public async Task RecordAcknowledgedAsync_SmallerSequence_DoesNotGoBack()
    {
        var source = Source();
        var stream = await source.OpenAsync(Token);
        Assert.True(await source.RecordAcknowledgedAsync(stream.Epoch, 9, Token));
        Assert.True(await source.RecordAcknowledgedAsync(stream.Epoch, 5, Token));

        Assert.Equal(9, (await source.OpenAsync(Token)).AcknowledgedSequence);
    }

    [Fact]
    public async Task RecordAcknowledgedAsync_AfterTheInterval_IsStored()
    {
        var source = Source();
        var stream = await source.OpenAsync(Token);
        await source.RecordAcknowledgedAsync(stream.Epoch, 42, Token);

        await Until(() => Stored(source)!.AcknowledgedSequence == 42);
    }

    [Theory]
    [InlineData(false, 2)]
    [InlineData(true, 3)]
    public async Task OpenAsync_WriteFails_TellsNobodyOfTheEpochAndTheNextIsGreater(bool isWritten, long nextEpoch)
    {
        var source = Source();
        var stream = await source.OpenAsync(Token);
        await source.RecordAcknowledgedAsync(stream.Epoch, 3, Token);
        await Until(() => Stored(source)!.AcknowledgedSequence == 3);
        cluster.Definitions.FailNextWrite(source.GetGrainId(), isWritten);

        await Assert.ThrowsAsync<OrleansException>(() => source.OpenAsync(Token));

        Assert.Equal(new SourceStream { Epoch = nextEpoch, AcknowledgedSequence = 3 }, await source.OpenAsync(Token));
        Assert.False(await source.RecordAcknowledgedAsync(stream.Epoch, 4, Token));
    }

    private SourceState? Stored(ISourceGrain source) => cluster.Definitions.Find<SourceState>(source.GetGrainId());

    private ISourceGrain Source([System.Runtime.CompilerServices.CallerMemberName] string name = "") =>
        cluster.Client.GetGrain<ISourceGrain>($"{name}-{Guid.NewGuid()}");

    private async Task Until(Func<bool> condition)
    {
        while (!condition())
        {
            await cluster.Definitions.Written.WaitAsync(Token);
        }
    }
}
