using System.ComponentModel.DataAnnotations;
using System.Net;
using Microsoft.Extensions.Options;

namespace Monitoring.Hosting;

/// <summary>Where a silo process tells how it is.</summary>
public sealed class SiloOptions
{
    public const string SectionName = "Silo";

    /// <summary>IP address that health and metrics listen on; 0.0.0.0 or :: for every address of the machine. Default: 127.0.0.1.</summary>
    [Required]
    public string Address { get; set; } = "127.0.0.1";

    /// <summary>Port of health and metrics; 0 for any free one. Default: 8082.</summary>
    [Range(0, 65_535)]
    public int WebPort { get; set; } = 8082;
}

[OptionsValidator]
internal sealed partial class SiloOptionsValidator : IValidateOptions<SiloOptions>;

/// <summary>The rules of <see cref="SiloOptions"/> that no attribute can state.</summary>
internal sealed class SiloOptionsRules : IValidateOptions<SiloOptions>
{
    public ValidateOptionsResult Validate(string? name, SiloOptions options) => IPAddress.TryParse(options.Address, out _)
        ? ValidateOptionsResult.Success
        : ValidateOptionsResult.Fail($"Silo:Address is '{options.Address}', expected an IP address such as 127.0.0.1, 0.0.0.0 or ::");
}
