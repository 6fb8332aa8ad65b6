using System.Net.Sockets;
using Npgsql;

namespace Monitoring.Storage.PostgreSql;

/// <summary>Says what an operator has to mend when a database cannot be used at the start.</summary>
internal static class StorageExceptions
{
    /// <summary>True when the database refused, or could not be reached.</summary>
    public static bool IsOfDatabase(Exception exception) => exception is NpgsqlException or SocketException or TimeoutException;

    /// <summary>The sentence for such a failure.</summary>
    /// <param name="exception">What was thrown.</param>
    /// <param name="address">Host and port of the server.</param>
    /// <param name="option">Name of the option that names the database.</param>
    public static StorageException Explain(Exception exception, string address, string option) => exception is PostgresException refusal
        ? new StorageException($"PostgreSQL at {address} refused: {refusal.MessageText} ({refusal.SqlState}). Mend {option} or the database.")
        : new StorageException(
            $"PostgreSQL at {address} cannot be reached ({(exception.InnerException ?? exception).Message}): start it, or mend {option}.");
}
