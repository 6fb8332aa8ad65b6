using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Monitoring.Gateway.Dictionary;

/// <summary>How fresh the gateway's copy of the dictionary is.</summary>
public sealed class DictionaryCacheOptions
{
    public const string SectionName = "DictionaryCache";

    /// <summary>Time between two questions for a newer version. Default: 1 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:01:00")]
    public TimeSpan PollInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Shortest time between two extra questions that unknown codes cause, over all streams: bounds what a source with wrong codes can
    /// cost. Default: 200 ms.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:01:00")]
    public TimeSpan UnknownCodeInterval { get; set; } = TimeSpan.FromMilliseconds(200);

    /// <summary>Longest time a question for a newer version may take before it counts as failed. Default: 5 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:01:00")]
    public TimeSpan ReadTimeout { get; set; } = TimeSpan.FromSeconds(5);
}

[OptionsValidator]
internal sealed partial class DictionaryCacheOptionsValidator : IValidateOptions<DictionaryCacheOptions>;
