using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Monitoring.Sources;

/// <summary>How sources are kept.</summary>
public sealed class SourceOptions
{
    public const string SectionName = "Sources";

    /// <summary>
    /// How often the acknowledged sequence of a source is stored. What is not stored when a silo dies, the source sends again in vain.
    /// Default: 2 s.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:01:00")]
    public TimeSpan AcknowledgedWriteInterval { get; set; } = TimeSpan.FromSeconds(2);
}

[OptionsValidator]
internal sealed partial class SourceOptionsValidator : IValidateOptions<SourceOptions>;
