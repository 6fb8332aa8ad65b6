using System.Threading.Channels;
using Microsoft.Data.Sqlite;
using Monitoring.Departments;
using Monitoring.Partitions;

namespace Monitoring.Storage.Sqlite;

/// <summary>
/// The one writer of a database file. Writes that wait share a transaction, so that under load one fsync makes many of them durable.
/// </summary>
internal sealed class SqliteWriter : IAsyncDisposable
{
    private readonly Channel<Write> _writes;
    private readonly SqliteConnection _connection;
    private readonly int _maxGroupSize;
    private readonly Task _loop;

    /// <summary>Starts a thread that writes through a connection, which it owns from now on.</summary>
    public SqliteWriter(SqliteConnection connection, int maxGroupSize)
    {
        (_connection, _maxGroupSize) = (connection, maxGroupSize);
        _writes = Channel.CreateBounded<Write>(new BoundedChannelOptions(maxGroupSize * 4) { SingleReader = true });
        _loop = Task.Factory.StartNew(Run, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    /// <summary>Makes a write; durable when the task completes.</summary>
    /// <param name="write">
    /// Is called on the writer's thread within a transaction, perhaps more than once. It may refuse by throwing
    /// <see cref="PartitionTakenOverException"/> or <see cref="AlertLogConflictException"/> before it has changed anything; whatever else
    /// it throws undoes all it did.
    /// </param>
    /// <param name="cancellationToken">Gives up waiting for a place in the queue; a queued write is made.</param>
    public async Task WriteAsync(Action<SqliteConnection, SqliteTransaction> write, CancellationToken cancellationToken)
    {
        var queued = new Write(write);
        await _writes.Writer.WriteAsync(queued, cancellationToken);
        await queued.Completion.Task;
    }

    public async ValueTask DisposeAsync()
    {
        _writes.Writer.TryComplete();
        await _loop;
        await _connection.DisposeAsync();
    }

    private void Run()
    {
        var group = new List<Write>(_maxGroupSize);
        while (WaitForWrites())
        {
            group.Clear();
            while (group.Count < _maxGroupSize && _writes.Reader.TryRead(out var write))
            {
                group.Add(write);
            }

            if (!TryCommit(group) && group.Count > 1)
            {
                // One of them is at fault, or the disk is: alone, each gets its own answer.
                foreach (var write in group)
                {
                    TryCommit([write]);
                }
            }
        }
    }

    private bool WaitForWrites() => _writes.Reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult();

    /// <summary>Makes writes in one transaction; completes them unless it failed and a smaller group may fare better.</summary>
    private bool TryCommit(List<Write> group)
    {
        var refusals = new Exception?[group.Count];
        try
        {
            using var transaction = _connection.BeginTransaction(deferred: false);
            for (var index = 0; index < group.Count; index++)
            {
                try
                {
                    group[index].Make(_connection, transaction);
                }
                catch (Exception refusal) when (refusal is PartitionTakenOverException or AlertLogConflictException)
                {
                    refusals[index] = refusal;
                }
            }

            transaction.Commit();
        }
        catch (Exception exception)
        {
            // Of the disk, of the database, or of a mistake in the write: it reaches whoever asked for the write, and this loop goes on.
            if (group.Count == 1)
            {
                group[0].Completion.SetException(exception);
            }

            return false;
        }

        for (var index = 0; index < group.Count; index++)
        {
            group[index].Complete(refusals[index]);
        }

        return true;
    }

    private sealed record Write(Action<SqliteConnection, SqliteTransaction> Make)
    {
        public TaskCompletionSource Completion { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public void Complete(Exception? refusal)
        {
            if (refusal is null)
            {
                Completion.SetResult();
            }
            else
            {
                Completion.SetException(refusal);
            }
        }
    }
}
