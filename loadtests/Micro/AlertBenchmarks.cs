using BenchmarkDotNet.Attributes;
using Monitoring.Departments;
using Monitoring.Indicators;
using Monitoring.Partitions;
using Monitoring.Storage.Sqlite;

namespace Monitoring.Micro;

/// <summary>
/// One transition from the node that makes it to the log of a department: alerts begin and end in turn, each step in the log before the next.
/// </summary>
public class AlertBenchmarks
{
    private const int Transitions = 20;

    private readonly GrainTurns _turns = new();
    private readonly NodeMemory _node = new(MicroTree.Parent(0), MicroTree.SerializerOf<NodeRecord>(), chunkPoints: 120);
    private TemporaryDatabase? _database;
    private AlertLogWriter _log = null!;
    private long _entry;

    [GlobalSetup(Target = nameof(ToMemory))]
    public Task OpenMemoryAsync() => OpenAsync(new ForgetfulAlertLogStore());

    [GlobalSetup(Target = nameof(ToSqlite))]
    public Task OpenSqliteAsync()
    {
        _database = new TemporaryDatabase();
        return OpenAsync(new SqliteAlertLogStore(_database.Database));
    }

    [GlobalCleanup]
    public async Task CloseAsync()
    {
        await _log.CloseAsync(CancellationToken.None);
        _log.Dispose();
        if (_database is not null)
        {
            await _database.DisposeAsync();
        }
    }

    [Benchmark(OperationsPerInvoke = Transitions)]
    public Task ToMemory() => RaiseAndResolveAsync();

    [Benchmark(OperationsPerInvoke = Transitions)]
    public Task ToSqlite() => RaiseAndResolveAsync();

    private async Task OpenAsync(IAlertLogStore store)
    {
        _log = new AlertLogWriter(
            "load", store, MicroTree.SerializerOf<AlertLogEntry>(), new DepartmentOptions(), TimeProvider.System, new DepartmentMetrics())
        {
            Appended = _ => { },
            TakenOver = conflict => throw conflict,
        };
        await _log.LoadAsync(CancellationToken.None);
        _node.Apply(Input(added: 0, image: new NodeImage { State = null, Buckets = [] }));
    }

    private Task RaiseAndResolveAsync() => _turns.RunAsync(async () =>
    {
        for (var index = 0; index < Transitions; index++)
        {
            // Every entry but the very first makes one transition, so its sequence numbers the transitions too.
            var sent = _entry - 1;
            var transition = _node.Apply(Input(index % 2 == 0 ? MicroTree.Threshold : -MicroTree.Threshold, image: null)).Transitions.Single();
            await _log.AppendAsync(new TransitionDelivery { Sender = 0, AfterNumber = sent, Transitions = [transition] });
        }
    });

    private NodeInput Input(double added, NodeImage? image)
    {
        var visit = new NodeVisit { Epoch = 1, LastEntry = _entry, Definition = MicroTree.Definition, Image = image };
        _entry++;
        return new NodeInput
        {
            Visit = visit,
            Number = 0,
            Round = new NodeRound
            {
                Partition = 0,
                PartitionCount = 1,
                DictionaryVersion = MicroTree.Dictionary.Version,
                Entries = [new RoundEntry(_entry, MicroTree.Start)],
                Parts = [new NodePart { DeltaCount = 1 }],
                Deltas = [new BucketDelta { Start = MicroTree.Start, Added = new Aggregate(MicroTree.Start, added) }],
            },
        };
    }
}
