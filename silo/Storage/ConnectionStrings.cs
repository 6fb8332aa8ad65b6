using Npgsql;

namespace Monitoring.Storage;

/// <summary>Judges connection strings without repeating any of them: a part may be the password.</summary>
internal static class ConnectionStrings
{
    /// <summary>What is wrong with the value of an option; null when it is empty or good.</summary>
    public static string? FindMistake(string option, string connectionString)
    {
        if (string.IsNullOrWhiteSpace(connectionString))
        {
            return null;
        }

        try
        {
            return new NpgsqlConnectionStringBuilder(connectionString).Host is { Length: > 0 } ? null : $"{option} names no Host.";
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException or InvalidCastException or OverflowException)
        {
            return $"{option} is not a connection string of PostgreSQL: write keyword=value pairs divided by ';', such as "
                + "Host=db;Port=5432;Database=monitoring;Username=monitoring;Password=…, a value that holds ';' in double quotes.";
        }
    }
}
