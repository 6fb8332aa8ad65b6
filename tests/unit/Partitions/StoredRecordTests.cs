using System.Collections.Immutable;
using Microsoft.Extensions.DependencyInjection;
using Monitoring.Alerting;
using Monitoring.Departments;
using Monitoring.Dictionary;
using Monitoring.Indicators;
using Monitoring.Infrastructure;
using Monitoring.RawPoints;
using Monitoring.Sources;
using Orleans.Serialization;

namespace Monitoring.Partitions;

/// <summary>
/// What lies in databases must be readable by every later version. When a record gets a new member, its old bytes stay here and a new
/// case is added; an old case that fails means that stored data is lost.
/// </summary>
public sealed class StoredRecordTests
{
    private static readonly ServiceProvider Services = new ServiceCollection()
        .AddSerializer(builder => builder.AddAssembly(typeof(NodeRecord).Assembly).AddAssembly(typeof(NodeKey).Assembly))
        .BuildServiceProvider();

    [Fact]
    public void NodeRecord_Version1_IsReadable() => AssertReadable(
        new NodeRecord
        {
            Clock = 1_766_880_000_000,
            NewestPoint = 1_766_879_999_000,
            Rules =
            [
                new RuleState
                {
                    Rule = "high",
                    Levels =
                    [
                        new LevelState { Level = AlertLevel.Warning, Phase = RulePhase.Firing, Since = 5 },
                        new LevelState { Level = AlertLevel.Critical, Phase = RulePhase.Pending, Since = 6 },
                    ],
                    Alert = new OpenAlert { Id = "3-7-5-0", Level = AlertLevel.Warning, Peak = AlertLevel.Critical, StartedAt = 5, Since = 6 },
                },
            ],
        },
        "IOgAIACcILHNASAMmiCxzSEgAAMh6EAJaGlnaCEgAAUh6AgDCQkDCQEV4CDoCAMNCQMFARng4OAh6EAPMy03LTUtMAkDCQkDDQEVARng4ODg4A"
            + "==");

    [Fact]
    public void NodeRecord_Version3_IsReadable() => AssertStored(
        new NodeRecord
        {
            Clock = 1_766_880_000_000,
            Totals = [new PeriodTotal { Kind = PeriodKind.Month, Start = 1_764_547_200_000, End = 1_767_225_600_000, Aggregate = new Aggregate(1_766_000_000_000, 2.5) }],
        },
        "IOgAIACcILHNAQEhIODgwQHBASEg4OAhIAADIegIAw0BIADCmmvNASAAVG27zSHoAAWBAAAAAAAABECBAAAAAAAAAACBAAAAAAAABECBAAAAAAAABECBAAAA"
            + "AAAABECBAAAAAAAABEABIAC+5pbNASAAvuaWzeDg4ODg");

    [Fact]
    public void NodeRecord_Version2_IsReadable() => AssertReadable(
        new NodeRecord
        {
            Clock = 1_766_880_000_000,
            NewestPoint = 1_766_879_999_000,
            Raw = new RawHead { Sequence = 4, Count = 2, Payload = [1, 2, 3] },
            RawFrom = 77,
            Suspects =
            [
                new SuspectBucket { Start = 60_000, Round = 9, Collected = new Aggregate(60_001, 2.5), IsDisturbed = true, Answered = [3, 1] },
            ],
        },
        "IOgAIACcILHNASAMmiCxzSEg4OAh6AARAQlBBwECA+ABagIhIAADIegABKYOASUh6AAFgQAAAAAAAARAgQAAAAAAAAAAgQAAAAAAAARAgQAAAAAAAARA"
            + "gQAAAAAAAARAgQAAAAAAAARAARSmDgEUpg7gAQMhIAAFAQ0ABeDg4ODg4A==");

    [Fact]
    public void PartitionHeader_Version3_IsReadable() => AssertStored(
        new PartitionHeader
        {
            At = 1_766_880_000_000,
            Refusals = [new StoredRefusal { Source = "airport", Sequence = 9, Unknown = [3, 4], Overdue = [1], Excess = [2] }],
        },
        "IOgAIACcILHNAQEhIODBAeAhIODBAeAhIODgISDg4CEg4MEB4CEg4OAjIODgAQEhIAADIehAD2FpcnBvcnQBJSEABQENABHgIQADAQXgIQADAQng4ODg4A==");

    [Fact]
    public void PartitionHeader_Version2_IsReadable() => AssertReadable(
        new PartitionHeader
        {
            At = 1_766_880_000_000,
            Outboxes =
            [
                new StoredOutbox
                {
                    Receiver = 5,
                    Nodes = [new NodeKey("c", "GA")],
                    NodeIndexes = [0],
                    Deltas = [new BucketDelta { Start = 60_000, Added = default, Retracted = Retraction.Of(new Aggregate(60_001, 2)) }],
                    ShareNodeIndexes = [0],
                    Shares = [new BucketShare { Sender = 3, Start = 60_000, Round = 9, Aggregate = new Aggregate(60_002, 4) }],
                },
            ],
            Collections = [new StoredCollection { Number = 2, Start = 60_000, Round = 9 }],
            RawFrom = 5,
        },
        "IOgAIACcILHNAQEhIODBAeAhIODBAeAhIAADIegAFcEBIQADIUADY0EFR0GB18fO7WSplmTg4CEAAwEB4CEAAyHoAASmDiHoAAGBAAAAAAAAAACBAAAA"
            + "AAAAAACBAAAAAAAAAACBAAAAAAAAAACBAAAAAAAAAACBAAAAAAAAAAABAQEB4CHoAAWBAAAAAAAAAECBAAAAAAAAAACBAAAAAAAAAECBAAAAAAAAAEAB"
            + "FKYOgQAAAAAAAABAARSmDoEAAAAAAAAAQODg4AEBIQADAQHgIQADIegADQEEpg4BJSHoAAWBAAAAAAAAEECBAAAAAAAAAACBAAAAAAAAEECBAAAAAAAA"
            + "EECBAAAAAAAAEECBAAAAAAAAEEABJKYOASSmDuDg4ODg4CEg4OAhIODBAeAhIODgIyAAAyHoAAkBBKYOASXg4OABFeA=");

    [Fact]
    public void PartitionHeader_Version1_IsReadable() => AssertReadable(
        new PartitionHeader
        {
            At = 1_766_880_000_000,
            DictionaryVersion = 4,
            Sources = ImmutableDictionary<string, SenderMark>.Empty.Add("airport", new SenderMark { Epoch = 2, Position = 99 }),
            Senders = ImmutableDictionary<int, SenderMark>.Empty.Add(7, new SenderMark { Epoch = 3, Position = 12 }),
            Outboxes =
            [
                new StoredOutbox
                {
                    Receiver = 5,
                    InFlight = new ContributionDelivery
                    {
                        Sender = 1,
                        Epoch = 3,
                        AfterEntry = 8,
                        Entry = 11,
                        DictionaryVersion = 4,
                        Nodes = [new NodeKey("c", "GA")],
                        NodeIndexes = [0],
                        Deltas = [new BucketDelta { Start = 60_000, Added = new Aggregate(60_001, 2.5) }],
                        OldestAcceptedAt = 70_000,
                    },
                    Nodes = [new NodeKey("c", string.Empty)],
                    NodeIndexes = [0],
                    Deltas = [new BucketDelta { Start = 120_000, Added = new Aggregate(120_001, 3.5) }],
                    OldestAcceptedAt = 80_000,
                },
            ],
            Notices =
            [
                new StoredNoticebox { Department = "ops", AcknowledgedNumber = 6, Waiting = [Sample.Transition("3-7-5-0", TransitionKind.Firing)] },
            ],
        },
        "IOgAIACcILHNAREhIAEDQQ9haXJwb3J0IOgACQEaA+DgwQHgISABAwEdIOgADQEx4ODBAeAhIAADIegAFSHoAAUBDQEhAS0BESEAAyFAA2NBBUdB"
            + "gdfHzu1kqZZk4OAhAAMBAeAhAAMh6AAEpg4h6AAFgQAAAAAAAARAgQAAAAAAAAAAgQAAAAAAAARAgQAAAAAAAARAgQAAAAAAAARAgQAAAAAAAARA"
            + "ARSmDgEUpg7g4OABBBcR4CEAAyHARUEBgQ5OrJd31rp14OAhAAMBAeAhAAMh6AAETB0h6AAFgQAAAAAAAAxAgQAAAAAAAAAAgQAAAAAAAAxAgQAA"
            + "AAAAAAxAgQAAAAAAAAxAgQAAAAAAAAxAARRMHQEUTB3g4OABBIgT4ODgISAAAyHoQAdvcHMBGSEgAAMh6EAPMy03LTUtMCFAG2ZsaWdodHMuZGVs"
            + "YXlBDUdBL0FUTIH/RSYe57P1O+BBCWhpZ2gJAwUJAwkJAw0BQh8BQh+BAAAAAABARUCBAAAAAAAAREABAQEEpg4BHQENwXfBd+Dg4ODg4CEg4MEB"
            + "4CEg4ODg");

    [Fact]
    public void AlertLogEntry_Version1_IsReadable() => AssertStored(
        new AlertLogEntry
        {
            Cursor = 17,
            LoggedAt = 1_766_880_000_000,
            Transition = Sample.Transition("3-7-5-0", TransitionKind.Acknowledged) with { Person = "ann", Comment = "on it" },
            Alert = new Alert
            {
                Last = Sample.Transition("3-7-5-0", TransitionKind.Firing),
                Transitions = 2,
                ChangedAt = 1_766_880_000_000,
                Acknowledgement = new Acknowledgement { Person = "ann", Comment = "on it", Time = 1_766_880_000_000 },
            },
        },
        "IOgARQEgAJwgsc0h6EAPMy03LTUtMCFAG2ZsaWdodHMuZGVsYXlBDUdBL0FUTIH/RSYe57P1O+BBCWhpZ2gJAxUJAwkJAw0BQh8BQh+BAAAAAA"
            + "BARUCBAAAAAAAAREABAQEEpg4BHQENQQdhbm5BC29uIGl04CHoIOjAC8ENwRUJAwUJAwkJAw0BQh8BQh+BAAAAAABARUCBAAAAAAAAREABAQEE"
            + "pg4BHQENQQHBUeABCQEgAJwgsc0h6MAtwS8BIACcILHN4ODg");

    /// <summary>Definitions of the time before they had a lateness: they allow what a definition allows that does not say.</summary>
    [Fact]
    public void IndicatorDefinition_WithoutLateness_AllowsTheUsualOne()
    {
        const string Golden =
            "IOhAG2ZsaWdodHMuZGVsYXkh6EABQQtEZWxheeDBCQkDASEgAAVBC3N0YXRlQA9haXJwb3J04OCBAEbDIwAAAAAh6AgDAYEAXtCy"
            + "AAAAAMEJ4EEHb3BzISDg4CHowAnBCeDg";
        var definition = Sample.Indicator(Sample.Rolling(TimeSpan.FromMinutes(5)), TimeSpan.FromMinutes(1));
        var read = Services.GetRequiredService<Serializer<IndicatorDefinition>>().Deserialize(Convert.FromBase64String(Golden))!;

        Assert.Equal(IndicatorDefinition.DefaultLateness, read.Lateness);
        Assert.Equal(definition.Period, read.Period);
        Assert.Empty(read.MorePeriods);
    }

    [Fact]
    public void SourceState_Version1_IsReadable() =>
        AssertStored(new SourceState { Epoch = 3, AcknowledgedSequence = 1_234 }, "IOgADQGSJuA=");

    private static void AssertStored<TRecord>(TRecord record, string golden)
    {
        var serializer = Services.GetRequiredService<Serializer<TRecord>>();

        var written = Convert.ToBase64String(serializer.SerializeToArray(record));
        Assert.True(golden == written, $"The stored form is another now: {written}");

        // Written again after reading, nothing may have been lost on the way.
        var read = serializer.Deserialize(Convert.FromBase64String(golden));
        Assert.Equal(golden, Convert.ToBase64String(serializer.SerializeToArray(read)));
    }

    /// <summary>What an earlier version wrote, whose records lacked some members, reads as a record without these.</summary>
    private static void AssertReadable<TRecord>(TRecord record, string golden)
    {
        var serializer = Services.GetRequiredService<Serializer<TRecord>>();

        var read = serializer.Deserialize(Convert.FromBase64String(golden));

        Assert.Equal(Convert.ToBase64String(serializer.SerializeToArray(record)), Convert.ToBase64String(serializer.SerializeToArray(read)));
    }
}
