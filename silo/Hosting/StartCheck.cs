using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Monitoring.Hosting;

/// <summary>Finds what an operator has to mend before a process starts, and says it in one line.</summary>
public static class StartCheck
{
    /// <summary>What is wrong with the options; null when nothing is.</summary>
    public static string? FindWrongOption(IServiceProvider services, IConfiguration configuration)
    {
        try
        {
            services.GetService<IStartupValidator>()?.Validate();
            return null;
        }
        catch (OptionsValidationException invalid)
        {
            return ToLine(OptionNames.Describe(invalid, configuration));
        }
        catch (AggregateException several)
        {
            return ToLine(several.Flatten().InnerExceptions.SelectMany(inner =>
                inner is OptionsValidationException invalid ? OptionNames.Describe(invalid, configuration) : [inner.Message]));
        }
        catch (InvalidOperationException unreadable)
        {
            // A value that is no number or no duration at all; the message names the option and the value.
            return ToLine([unreadable.Message]);
        }
    }

    /// <summary>Why a port cannot be listened on; null when it can.</summary>
    /// <param name="address">Where to listen.</param>
    /// <param name="port">The port; 0 for any free one.</param>
    /// <param name="section">Section of the options that have it.</param>
    /// <param name="option">Its name there.</param>
    public static string? FindTaken(IPAddress address, int port, string section, string option)
    {
        if (port == 0)
        {
            return null;
        }

        try
        {
            using var listener = new TcpListener(address, port);
            listener.Start();
            return null;
        }
        catch (SocketException exception) when (exception.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            return $"Not started: port {port} of {address} is in use. Choose another with --{section}:{option}=PORT (0 for any free one).";
        }
        catch (SocketException exception)
        {
            return $"Not started: cannot listen on {address}, port {port} ({exception.SocketErrorCode}). Change {section}:Address or {section}:{option}.";
        }
    }

    private static string ToLine(IEnumerable<string> failures) =>
        $"Not started, the configuration is wrong: {string.Join("; ", failures.Distinct(StringComparer.Ordinal))}";
}
