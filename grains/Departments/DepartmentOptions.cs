using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Monitoring.Departments;

/// <summary>What a department's alert log may hold in memory and write at once.</summary>
public sealed class DepartmentOptions
{
    public const string SectionName = "Departments";

    /// <summary>
    /// Newest log entries kept in memory per department; whoever reads further back is served from storage. Default: 1,024.
    /// </summary>
    [Range(1, 100_000)]
    public int TailLength { get; set; } = 1_024;

    /// <summary>
    /// Log entries after which a transaction takes in no further delivery; a delivery itself is never divided. More is faster under load,
    /// fewer answer sooner. Default: 5,000.
    /// </summary>
    [Range(1, 100_000)]
    public int MaxAppendEntries { get; set; } = 5_000;
}

[OptionsValidator]
internal sealed partial class DepartmentOptionsValidator : IValidateOptions<DepartmentOptions>;
