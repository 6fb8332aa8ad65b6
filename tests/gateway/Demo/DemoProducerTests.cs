using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Monitoring.Gateway.Demo;
using Monitoring.Infrastructure;

namespace Monitoring.Demo;

public sealed class DemoProducerTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("monitoring-demo-");

    [Fact]
    public async Task Run_ScheduleCannotBeWritten_SaysSoSendsNothingAndGoesOnOnceItCan()
    {
        await using var gateway = await TestGateway.StartAsync();
        var path = Path.Combine(_folder.FullName, "demo-schedule.json");
        var obstacle = Directory.CreateDirectory($"{path}.next");
        var log = new FirstError();
        var options = Options.Create(new DemoOptions { Days = 1, AsFastAsPossible = true });
        var producer = new DemoProducer(FlightData.Load(), new DemoScheduleFile(path), options, TimeProvider.System, log);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(gateway.Token);
        var running = producer.RunAsync(gateway.Ingest, ending.Token);

        Assert.Contains("schedule cannot be kept on disk", await log.Text.WaitAsync(gateway.Token), StringComparison.Ordinal);
        Assert.Equal(0, gateway.Cluster.Source(DemoProducer.Source).Acknowledged);
        obstacle.Delete();

        while (gateway.Cluster.Source(DemoProducer.Source).Acknowledged == 0)
        {
            await Task.WhenAny(running, Task.Delay(TimeSpan.FromMilliseconds(20), gateway.Token));
            Assert.False(running.IsCompleted);
        }

        await ending.CancelAsync();
        await Assert.ThrowsAnyAsync<Exception>(() => running);
        Assert.True(new DemoScheduleFile(path).Load().ReservedThrough > 0);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private sealed class FirstError : ILogger<DemoProducer>
    {
        private readonly TaskCompletionSource<string> _text = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<string> Text => _text.Task;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (logLevel == LogLevel.Error)
            {
                _text.TrySetResult(formatter(state, exception));
            }
        }
    }
}
