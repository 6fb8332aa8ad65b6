using Monitoring.Gateway;

namespace Monitoring.Infrastructure;

/// <summary>One gateway with the tests' dictionary for all tests of a class.</summary>
public sealed class SharedGateway : IAsyncLifetime
{
    private GatewayProcess? _process;
    private GatewayClients? _clients;

    internal GatewayProcess Process => _process ?? throw new InvalidOperationException("The gateway was not started.");

    internal GatewayClients Clients => _clients ?? throw new InvalidOperationException("The gateway was not started.");

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        _process = await GatewayProcess.StartAsync(TestContext.Current.CancellationToken);
        _clients = new GatewayClients(_process);
        await _clients.ApplyDictionaryAsync();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _clients?.Dispose();
        if (_process is not null)
        {
            await _process.DisposeAsync();
        }
    }
}
