using Npgsql;
using static Monitoring.Storage.PostgreSql.PostgreSqlCommands;

namespace Monitoring.Storage.PostgreSql;

/// <summary>
/// Appends entries of partitions. Those that wait go with one round trip and share a transaction, so that under load one commit makes many
/// of them durable: with 16 partitions that append at once, twice as many as over a connection for each.
/// </summary>
/// <remarks>What waits is bounded by the partitions: each has one append in flight.</remarks>
internal sealed class PostgreSqlAppender(PostgreSqlDatabase database)
{
    /// <summary>One group is prepared and sent while the server commits another.</summary>
    private const int MaxGroupsInFlight = 2;

    private readonly Lock _lock = new();
    private readonly Queue<Append> _waiting = new();
    private int _groupsInFlight;

    /// <summary>Appends an entry if its partition is still claimed for an epoch; what was decided is durable when the task completes.</summary>
    /// <returns>False when nothing was written: the partition has another epoch, or the entry exists.</returns>
    public Task<bool> AppendAsync(int partition, long epoch, long sequence, ReadOnlyMemory<byte> payload, CancellationToken cancellationToken)
    {
        // Who gives up waiting may use its buffer again while the append is still under way.
        var append = new Append(partition, epoch, sequence, payload.ToArray());
        var isFirst = false;
        lock (_lock)
        {
            _waiting.Enqueue(append);
            if (_groupsInFlight < MaxGroupsInFlight)
            {
                _groupsInFlight++;
                isFirst = true;
            }
        }

        if (isFirst)
        {
            _ = Task.Run(SendWaitingAsync, CancellationToken.None); // Not in the turn of the actor that happened to be first.
        }

        return append.Completion.Task.WaitAsync(cancellationToken);
    }

    private async Task SendWaitingAsync()
    {
        while (TakeGroup() is { Count: > 0 } group)
        {
            try
            {
                await database.AppendAsync(group.ConvertAll(ToCommand), CancellationToken.None);
                group.ForEach(append => append.Completion.SetResult(append.Command!.RecordsAffected > 0));
            }
            catch (Exception exception)
            {
                // It reaches everybody who waits; each tries again by itself.
                group.ForEach(append => append.Completion.TrySetException(exception));
            }
        }
    }

    private List<Append> TakeGroup()
    {
        var group = new List<Append>();
        lock (_lock)
        {
            while (group.Count < database.MaxGroupSize && _waiting.TryDequeue(out var append))
            {
                group.Add(append);
            }

            _groupsInFlight -= group.Count == 0 ? 1 : 0;
        }

        return group;
    }

    private static NpgsqlBatchCommand ToCommand(Append append)
    {
        var command = new NpgsqlBatchCommand(
            """
            INSERT INTO journal (partition, sequence, payload)
            SELECT partition, $3, $4 FROM partitions WHERE partition = $1 AND epoch = $2 FOR SHARE
            ON CONFLICT (partition, sequence) DO NOTHING
            """);
        command.Parameters.Add(Value(append.Partition));
        command.Parameters.Add(Value(append.Epoch));
        command.Parameters.Add(Value(append.Sequence));
        command.Parameters.Add(Value(append.Payload));
        append.Command = command;
        return command;
    }

    private sealed record Append(int Partition, long Epoch, long Sequence, byte[] Payload)
    {
        public NpgsqlBatchCommand? Command { get; set; }

        public TaskCompletionSource<bool> Completion { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
