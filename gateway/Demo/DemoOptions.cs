using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Monitoring.Gateway.Demo;

/// <summary>How the demo replays its flights.</summary>
internal sealed class DemoOptions
{
    public const string SectionName = "Demo";

    /// <summary>Days of flights in the data.</summary>
    public const int DaysOfData = 10;

    /// <summary>Load the demo's dictionary and stream its flights; <c>--demo</c> sets it. Default: off.</summary>
    public bool Enabled { get; set; }

    /// <summary>How many times faster than real the flights pass; <c>--demo-speed</c> sets it. Default: 60, a minute of flights each second.</summary>
    [Range(1, 100_000)]
    public double Speed { get; set; } = 60;

    /// <summary>
    /// Send what is left of the round at once, with event times that end now, and go on at <see cref="Speed"/> from there;
    /// <c>--demo-speed max</c> sets it. Default: off.
    /// </summary>
    public bool AsFastAsPossible { get; set; }

    /// <summary>How many of the data's days make a round. Default: all 10.</summary>
    [Range(1, DaysOfData)]
    public int Days { get; set; } = DaysOfData;

    /// <summary>Begin a new round behind the last one; otherwise stop there. Default: on.</summary>
    public bool Loop { get; set; } = true;

    /// <summary>Longest wait before a broken stream is opened again; the first wait is a quarter of a second. Default: 10 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.250", "00:10:00")]
    public TimeSpan LongestBackoff { get; set; } = TimeSpan.FromSeconds(10);
}

[OptionsValidator]
internal sealed partial class DemoOptionsValidator : IValidateOptions<DemoOptions>;
