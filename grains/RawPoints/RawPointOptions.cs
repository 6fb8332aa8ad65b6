using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Monitoring.RawPoints;

/// <summary>How raw points are kept.</summary>
public sealed class RawPointOptions
{
    public const string SectionName = "History";

    /// <summary>
    /// How old the event time of a raw point may become before it is let go; a correction of an older point is refused, since what it
    /// replaces is no longer known. Buckets are kept on. Default: 35 days.
    /// </summary>
    [Range(typeof(TimeSpan), "00:01:00", "3650.00:00:00")]
    public TimeSpan RawRetention { get; set; } = TimeSpan.FromDays(35);

    /// <summary>
    /// Points of a node that are packed into one stored chunk: more take less room, fewer less memory and less to write with each checkpoint.
    /// Default: 240.
    /// </summary>
    [Range(1, 10_000)]
    public int RawChunkPoints { get; set; } = 240;

    /// <summary>Most rows of old raw points and corrections that one checkpoint of a partition lets go. Default: 10,000.</summary>
    [Range(1, 10_000_000)]
    public int MaxTrimmedRows { get; set; } = 10_000;

    /// <summary>How long it stays on record what a correction replaced. Default: 400 days.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "3650.00:00:00")]
    public TimeSpan CorrectionRetention { get; set; } = TimeSpan.FromDays(400);
}

[OptionsValidator]
internal sealed partial class RawPointOptionsValidator : IValidateOptions<RawPointOptions>;
