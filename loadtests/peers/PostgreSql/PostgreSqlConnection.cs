using Monitoring.Peers.Workload;
using Npgsql;

namespace Monitoring.Peers.PostgreSql;

/// <summary>Sends points by binary copy, a transaction for each batch.</summary>
internal sealed class PostgreSqlConnection(NpgsqlConnection connection, TimeProvider clock) : IBatchConnection
{
    private const string Copy = "COPY points (leaf, at, value) FROM STDIN (FORMAT BINARY)";

    /// <inheritdoc/>
    public async Task SendAsync(ReadOnlyMemory<int> leaves, ReadOnlyMemory<double> values, CancellationToken cancellationToken)
    {
        await using var copy = await connection.BeginBinaryImportAsync(Copy, cancellationToken);
        Write(copy, leaves.Span, values.Span);
        await copy.CompleteAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => connection.DisposeAsync();

    private void Write(NpgsqlBinaryImporter copy, ReadOnlySpan<int> leaves, ReadOnlySpan<double> values)
    {
        var now = clock.GetUtcNow().ToUnixTimeMilliseconds();
        for (var index = 0; index < leaves.Length; index++)
        {
            copy.StartRow();
            copy.Write(leaves[index]);
            copy.Write(now);
            copy.Write(values[index]);
        }
    }
}
