using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Monitoring.Storage;

/// <summary>Where everything durable is kept.</summary>
public sealed class StorageOptions
{
    public const string SectionName = "Storage";

    /// <summary>
    /// PostgreSQL database, such as <c>Host=db;Database=monitoring;Username=monitoring;Password=…</c>, with any keyword of Npgsql. Empty for
    /// SQLite files in <see cref="DataFolder"/>. Default: empty.
    /// </summary>
    public string ConnectionString { get; set; } = string.Empty;

    /// <summary>Folder of the SQLite files; created when missing. Relative to the working directory. Default: <c>data</c>.</summary>
    [Required]
    public string DataFolder { get; set; } = "data";

    /// <summary>Most writes that share one transaction; more wait for the next. Default: 256.</summary>
    [Range(1, 10_000)]
    public int MaxGroupSize { get; set; } = 256;

    /// <summary>Memory for pages of each SQLite file, in MiB. Default: 64.</summary>
    [Range(1, 10_000)]
    public int CacheMebibytes { get; set; } = 64;

    /// <summary>True for PostgreSQL, false for SQLite.</summary>
    internal bool UsesPostgreSql => !string.IsNullOrWhiteSpace(ConnectionString);
}

[OptionsValidator]
internal sealed partial class StorageOptionsValidator : IValidateOptions<StorageOptions>;

/// <summary>The storage cannot be used as it is; the message says how to mend it.</summary>
public sealed class StorageException(string message) : Exception(message);
