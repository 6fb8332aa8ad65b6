using BenchmarkDotNet.Attributes;
using Monitoring.Partitions;
using Monitoring.Storage.Sqlite;

namespace Monitoring.Micro;

/// <summary>A journal entry of a thousand points: packed, unpacked as by a replay, and made durable in SQLite with nothing beside it.</summary>
public class JournalBenchmarks
{
    private const long Epoch = 1;

    private readonly NodeTable _nodes = MicroTree.Table(MicroTree.BatchPoints);
    private readonly PackedWriter _writer = new();
    private JournalEntry _entry = null!;
    private byte[] _payload = [];
    private TemporaryDatabase? _database;
    private SqlitePartitionStore _store = null!;
    private long _sequence;

    [GlobalSetup]
    public void Pack()
    {
        _entry = MicroTree.Entry(sequence: 2, _nodes);
        Encode();
        _payload = _writer.Written.ToArray();
    }

    [GlobalSetup(Target = nameof(AppendToSqlite))]
    public async Task OpenAsync()
    {
        Pack();
        _database = new TemporaryDatabase();
        _store = new SqlitePartitionStore(_database.Database);
        _sequence = Epoch;
        await _store.ClaimAsync(partition: 0, Epoch, checkpointEntry: 0, _payload, CancellationToken.None);
    }

    [GlobalCleanup]
    public async Task CloseAsync()
    {
        if (_database is not null)
        {
            await _database.DisposeAsync();
        }
    }

    [Benchmark(OperationsPerInvoke = MicroTree.BatchPoints)]
    public int Encode()
    {
        JournalCodec.Encode(_entry, firstNewNode: _nodes.Count, _nodes, _writer);
        return _writer.Written.Length;
    }

    [Benchmark(OperationsPerInvoke = MicroTree.BatchPoints)]
    public int Decode() => JournalCodec.Decode(new StoredEntry(_entry.Sequence, _payload), _nodes).Items.Count;

    [Benchmark(OperationsPerInvoke = MicroTree.BatchPoints)]
    public Task AppendToSqlite() => _store.AppendAsync(partition: 0, Epoch, ++_sequence, _payload, CancellationToken.None);
}
