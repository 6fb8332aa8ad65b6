using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Monitoring.Dictionary;

/// <summary>What a dictionary may hold, and how a new one is stored and announced.</summary>
public sealed class DictionaryOptions
{
    public const string SectionName = "Dictionary";

    /// <summary>Longest dictionary file, in characters. Default: 1,000,000.</summary>
    [Range(1_000, 10_000_000)]
    public int MaxFileCharacters { get; set; } = 1_000_000;

    /// <summary>Mistakes that are reported in one go; one more says when others were left out. Default: 100.</summary>
    [Range(1, 10_000)]
    public int MaxMistakes { get; set; } = 100;

    /// <summary>Most departments. Default: 1,000.</summary>
    [Range(1, 1_000)]
    public int MaxDepartments { get; set; } = 1_000;

    /// <summary>Most subscriptions of one department. Default: 1,000.</summary>
    [Range(1, 1_000)]
    public int MaxSubscriptions { get; set; } = 1_000;

    /// <summary>Most indicators. Default: 1,000.</summary>
    [Range(1, 10_000)]
    public int MaxIndicators { get; set; } = 1_000;

    /// <summary>
    /// Folder of the tables of holidays that calendars may name, one YAML file for each, read when a dictionary is applied; relative to the
    /// program. Default: <c>holidays</c>, with those that came with it.
    /// </summary>
    [Required]
    public string HolidayFolder { get; set; } = "holidays";

    /// <summary>Most holidays of one table. Default: 1,000.</summary>
    [Range(1, 10_000)]
    public int MaxHolidays { get; set; } = 1_000;

    /// <summary>Most calendars, and most tables of holidays. Default: 100.</summary>
    [Range(1, 1_000)]
    public int MaxCalendars { get; set; } = 100;

    /// <summary>Most periods of an indicator beside the one that is judged. Default: 8.</summary>
    [Range(0, 50)]
    public int MaxMorePeriods { get; set; } = 8;

    /// <summary>Most rules of one indicator. Default: 50.</summary>
    [Range(1, 50)]
    public int MaxRules { get; set; } = 50;

    /// <summary>Longest name of anything in one language, and of a dimension, in characters. Default: 200.</summary>
    [Range(10, 1_000)]
    public int MaxNameLength { get; set; } = 200;

    /// <summary>Longest description in one language, in characters. Default: 2,000.</summary>
    [Range(10, 20_000)]
    public int MaxDescriptionLength { get; set; } = 2_000;

    /// <summary>Longest unit, in characters. Default: 50.</summary>
    [Range(1, 200)]
    public int MaxUnitLength { get; set; } = 50;

    /// <summary>Longest rolling period, in buckets: every node keeps so many in memory. Default: 10,080 (a week of minutes).</summary>
    [Range(1, 100_000)]
    public int MaxPeriodBuckets { get; set; } = 10_080;

    /// <summary>
    /// Codes that may ever be used, present ones included: what each was broken down by is remembered for as long as its stored buckets
    /// may exist. Default: 20,000.
    /// </summary>
    [Range(1, 1_000_000)]
    public int MaxUsedCodes { get; set; } = 20_000;

    /// <summary>
    /// Earlier versions that are kept for partitions that still have to replay messages checked against them. More need more room in
    /// storage. Default: 64.
    /// </summary>
    [Range(0, 1_000)]
    public int HistoryLength { get; set; } = 64;

    /// <summary>
    /// Characters of YAML text kept with the earlier versions, newest first; older ones keep their definitions but lose the text.
    /// Default: 4,000,000.
    /// </summary>
    [Range(0, 100_000_000)]
    public int HistoryYamlCharacters { get; set; } = 4_000_000;

    /// <summary>Partitions that are told of a new version at once. Default: 32.</summary>
    [Range(1, 1_000)]
    public int TellParallelism { get; set; } = 32;

    /// <summary>How long one partition may take to adopt a new version before it is left to adopt it later. Default: 5 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:01:00")]
    public TimeSpan TellTimeout { get; set; } = TimeSpan.FromSeconds(5);
}

[OptionsValidator]
internal sealed partial class DictionaryOptionsValidator : IValidateOptions<DictionaryOptions>;
