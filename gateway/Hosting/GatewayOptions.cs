using System.ComponentModel.DataAnnotations;
using System.Net;
using Microsoft.Extensions.Options;

namespace Monitoring.Gateway.Hosting;

/// <summary>Where the gateway listens and what it takes in one message.</summary>
public sealed class GatewayOptions
{
    public const string SectionName = "Gateway";

    /// <summary>IP address that both endpoints listen on; 0.0.0.0 or :: for every address of the machine. Default: 127.0.0.1.</summary>
    [Required]
    public string Address { get; set; } = "127.0.0.1";

    /// <summary>Port of console, REST, OpenAPI, health and metrics; 0 for any free one. Default: 8080.</summary>
    [Range(0, 65_535)]
    public int WebPort { get; set; } = 8080;

    /// <summary>Port of gRPC, plaintext HTTP/2; 0 for any free one. Default: 8081.</summary>
    [Range(0, 65_535)]
    public int GrpcPort { get; set; } = 8081;

    /// <summary>Largest message a client may send, in bytes; a batch has to fit in. Default: 16 MiB.</summary>
    [Range(65_536, 268_435_456)]
    public int MaxReceiveMessageBytes { get; set; } = 16 * 1_024 * 1_024;

    /// <summary>Connections at once, over both endpoints; more are closed at once. Default: 10,000.</summary>
    [Range(10, 1_000_000)]
    public int MaxConnections { get; set; } = 10_000;

    /// <summary>Open pages of the console, each with a connection of its own beside those. Default: 1,000.</summary>
    [Range(1, 100_000)]
    public int MaxConsoles { get; set; } = 1_000;

    /// <summary>Calls and streams at once on one gRPC connection; more wait at the client. Default: 100.</summary>
    [Range(1, 10_000)]
    public int MaxStreamsPerConnection { get; set; } = 100;

    /// <summary>
    /// Bytes of one gRPC stream that may be on their way and not be read yet. A connection takes as much for every one of its streams, so that
    /// those which are not read do not keep the others waiting. Default: 768 KiB.
    /// </summary>
    [Range(65_535, 16_777_216)]
    public int StreamWindowBytes { get; set; } = 768 * 1_024;
}

[OptionsValidator]
internal sealed partial class GatewayOptionsValidator : IValidateOptions<GatewayOptions>;

/// <summary>The rules of <see cref="GatewayOptions"/> that no attribute can state.</summary>
internal sealed class GatewayOptionsRules : IValidateOptions<GatewayOptions>
{
    public ValidateOptionsResult Validate(string? name, GatewayOptions options)
    {
        var mistakes = new List<string>();
        if (!IPAddress.TryParse(options.Address, out _))
        {
            mistakes.Add($"Gateway:Address is '{options.Address}', expected an IP address such as 127.0.0.1, 0.0.0.0 or ::");
        }

        if (options.WebPort != 0 && options.WebPort == options.GrpcPort)
        {
            mistakes.Add($"Gateway:WebPort and Gateway:GrpcPort are both {options.WebPort}; without TLS one port cannot serve both");
        }

        if ((long)options.MaxStreamsPerConnection * options.StreamWindowBytes > int.MaxValue)
        {
            mistakes.Add(
                $"Gateway:MaxStreamsPerConnection × Gateway:StreamWindowBytes is {(long)options.MaxStreamsPerConnection * options.StreamWindowBytes}, "
                + $"at most {int.MaxValue} are possible");
        }

        return mistakes.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(mistakes);
    }
}

internal static class GatewayOptionsReading
{
    /// <summary>
    /// The options, or the defaults when they are invalid. For what reads them while the application is built, before anybody can be
    /// told what is wrong: the start that follows validates every option and says so.
    /// </summary>
    public static GatewayOptions ValidOrDefault(this IOptions<GatewayOptions> options)
    {
        try
        {
            return options.Value;
        }
        catch (Exception invalid) when (invalid is OptionsValidationException or InvalidOperationException)
        {
            return new GatewayOptions();
        }
    }
}
