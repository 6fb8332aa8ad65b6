using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Monitoring.Processes;

namespace Monitoring.Gateway;

/// <summary>A gateway in its own process, with free ports and a data folder of its own that outlives restarts.</summary>
internal sealed class GatewayProcess : IAsyncDisposable
{
    private const int MaxOutputCharacters = 200_000;
    private static readonly TimeSpan _startLimit = TimeSpan.FromSeconds(60);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("monitoring-");
    private readonly string[] _arguments;
    private readonly StringBuilder _output = new();
    private readonly HttpClient _http;
    private Process? _process;

    private GatewayProcess(string[] arguments)
    {
        _arguments = arguments;
        (WebAddress, GrpcAddress) = FreeAddresses();
        _http = new HttpClient { BaseAddress = WebAddress, Timeout = TimeSpan.FromSeconds(30) };
    }

    /// <summary>Console, REST, health and metrics.</summary>
    public Uri WebAddress { get; }

    /// <summary>gRPC.</summary>
    public Uri GrpcAddress { get; }

    /// <summary>Client of <see cref="WebAddress"/>.</summary>
    public HttpClient Http => _http;

    /// <summary>Identity of the process that runs now.</summary>
    public int Id => Running.Id;

    /// <summary>What the processes have written so far, at most the last 200,000 characters.</summary>
    public string Output
    {
        get
        {
            lock (_output)
            {
                return _output.ToString();
            }
        }
    }

    private Process Running => _process ?? throw new InvalidOperationException("The gateway is not running.");

    /// <summary>Starts a gateway on an empty data folder and waits until it is ready.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    /// <param name="arguments">Configuration such as <c>--Demo:Days=1</c>, also for every later start.</param>
    public static async Task<GatewayProcess> StartAsync(CancellationToken cancellationToken, params string[] arguments)
    {
        var gateway = new GatewayProcess(arguments);
        try
        {
            await gateway.StartAgainAsync(cancellationToken);
            return gateway;
        }
        catch
        {
            await gateway.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts it again, with the same ports and data, and waits until it is ready.</summary>
    public async Task StartAgainAsync(CancellationToken cancellationToken)
    {
        Launch();
        var began = Stopwatch.GetTimestamp();
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (!await IsReadyAsync(cancellationToken))
        {
            if (Running.HasExited || Stopwatch.GetElapsedTime(began) > _startLimit)
            {
                throw new InvalidOperationException($"The gateway did not become ready.{Environment.NewLine}{Output}");
            }

            await timer.WaitForNextTickAsync(cancellationToken);
        }
    }

    /// <summary>Starts it again without waiting for anything.</summary>
    public void Launch()
    {
        var program = BuiltProgram.PathOf("gateway", "Monitoring.Gateway.dll");

        // What is started in the background ignores SIGINT, and so would its children: the gateway must not.
        var start = new ProcessStartInfo("env")
        {
            WorkingDirectory = Path.GetDirectoryName(program),
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            ArgumentList =
            {
                "--default-signal=INT",
                "dotnet",
                "exec",
                program,
                string.Create(CultureInfo.InvariantCulture, $"--Gateway:WebPort={WebAddress.Port}"),
                string.Create(CultureInfo.InvariantCulture, $"--Gateway:GrpcPort={GrpcAddress.Port}"),
                $"--Storage:DataFolder={Path.Combine(_folder.FullName, "data")}",
            },
        };

        foreach (var argument in _arguments)
        {
            start.ArgumentList.Add(argument);
        }

        _process?.Dispose();
        _process = Process.Start(start) ?? throw new InvalidOperationException("dotnet did not start.");
        _process.OutputDataReceived += (_, line) => Keep(line.Data);
        _process.ErrorDataReceived += (_, line) => Keep(line.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>Ends it at once, without a chance to tidy up (SIGKILL).</summary>
    public async Task KillAsync()
    {
        Running.Kill();
        await Running.WaitForExitAsync();
    }

    /// <summary>Asks it to end, as Ctrl-C does (SIGINT), and waits.</summary>
    /// <returns>The exit code.</returns>
    /// <exception cref="OperationCanceledException">It still ran when the token was cancelled.</exception>
    public async Task<int> InterruptAsync(CancellationToken cancellationToken)
    {
        using var signal = Process.Start("kill", ["-INT", Id.ToString(CultureInfo.InvariantCulture)]);
        await Running.WaitForExitAsync(cancellationToken);
        return Running.ExitCode;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_process is { HasExited: false })
        {
            await KillAsync();
        }

        _process?.Dispose();
        _http.Dispose();
        _folder.Delete(recursive: true);
    }

    private static (Uri Web, Uri Grpc) FreeAddresses()
    {
        using var web = new TcpListener(IPAddress.Loopback, 0);
        using var grpc = new TcpListener(IPAddress.Loopback, 0);
        web.Start();
        grpc.Start();
        return (AddressOf(web), AddressOf(grpc));

        static Uri AddressOf(TcpListener listener) =>
            new(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}"));
    }

    private async Task<bool> IsReadyAsync(CancellationToken cancellationToken)
    {
        try
        {
            using var response = await _http.GetAsync("/health/ready", cancellationToken);
            return response.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private void Keep(string? line)
    {
        lock (_output)
        {
            _output.AppendLine(line);
            if (_output.Length > MaxOutputCharacters)
            {
                _output.Remove(0, _output.Length - MaxOutputCharacters);
            }
        }
    }
}
