using Microsoft.Extensions.Options;

namespace Monitoring.Storage.PostgreSql;

/// <summary>Refuses a connection string that Npgsql does not understand, without repeating any of it: a part may be the password.</summary>
internal sealed class ConnectionStringRule : IValidateOptions<StorageOptions>
{
    public ValidateOptionsResult Validate(string? name, StorageOptions options)
    {
        if (!options.UsesPostgreSql)
        {
            return ValidateOptionsResult.Success;
        }

        try
        {
            return PostgreSqlDatabase.ConnectionString(options).Host is { Length: > 0 }
                ? ValidateOptionsResult.Success
                : ValidateOptionsResult.Fail("Storage:ConnectionString names no Host.");
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException or InvalidCastException or OverflowException)
        {
            return ValidateOptionsResult.Fail(
                "Storage:ConnectionString is not a connection string of PostgreSQL: write keyword=value pairs divided by ';', such as "
                + "Host=db;Port=5432;Database=monitoring;Username=monitoring;Password=…, a value that holds ';' in double quotes.");
        }
    }
}
