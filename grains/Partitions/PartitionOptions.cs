using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Monitoring.Partitions;

/// <summary>How nodes are divided into partitions, and what a partition may hold.</summary>
public sealed class PartitionOptions : IValidatableObject
{
    public const string SectionName = "Partitions";

    /// <summary>Default of <see cref="RefusalsKept"/>.</summary>
    public const int DefaultRefusalsKept = 10_000;

    /// <summary>
    /// Number of partitions; fixed when a cluster's storage is created. More spread better over silos, fewer group better on one.
    /// Default: 16.
    /// </summary>
    [Range(1, 4_096)]
    public int Count { get; set; } = 16;

    /// <summary>
    /// Nodes of one partition; points that would create more are refused. Guards against a source that puts ever new names into its paths.
    /// Default: 2,000,000.
    /// </summary>
    [Range(1, 100_000_000)]
    public int MaxNodes { get; set; } = 2_000_000;

    /// <summary>Most points and contributions in one journal entry. Default: 50,000.</summary>
    [Range(1, 1_000_000)]
    public int MaxEntryWeight { get; set; } = 50_000;

    /// <summary>
    /// Points that may wait to be journaled in a partition before more are refused, to be sent again; a source that stays within an equal
    /// share of it is never refused because of others. Default: 2,000,000.
    /// </summary>
    [Range(1, 100_000_000)]
    public int MaxMailboxWeight { get; set; } = 2_000_000;

    /// <summary>The same for the points of one source. Default: 1,000,000.</summary>
    [Range(1, 100_000_000)]
    public int MaxSourceWeight { get; set; } = 1_000_000;

    /// <summary>
    /// How long points may wait to be journaled before they are refused, to be sent again; less than a gateway waits for an answer. A partition
    /// that has much to do thus tells its sources that it lives. Default: 2 s.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:10:00")]
    public TimeSpan MaxMailboxWait { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// Points and contributions that may be journaled but not yet applied before sources have to wait; with more, more share a round under
    /// overload, and what comes behind waits longer. Default: 100,000.
    /// </summary>
    [Range(1, 10_000_000)]
    public int MaxBacklogWeight { get; set; } = 100_000;

    /// <summary>
    /// Points and contributions that are applied in one round, in which each node is called once; more make fewer calls under load, and let
    /// what comes behind wait longer. Default: 100,000.
    /// </summary>
    [Range(1, 1_000_000)]
    public int MaxRoundWeight { get; set; } = 100_000;

    /// <summary>Contributions and transitions that may wait for their receivers before sources have to wait. Default: 200,000.</summary>
    [Range(1, 10_000_000)]
    public int MaxOutboxWeight { get; set; } = 200_000;

    /// <summary>
    /// Refused points of one source that a partition remembers, to name them again when a batch is sent again because its acknowledgement
    /// was lost. Default: 10,000.
    /// </summary>
    [Range(0, 1_000_000)]
    public int RefusalsKept { get; set; } = DefaultRefusalsKept;

    /// <summary>
    /// Partitions of a silo that call their nodes at the same time while more than <see cref="CalmWeight"/> waits; with more, what sources
    /// send waits longer, rounds stay small and calls many. Default: half of the number of processors, at least one.
    /// </summary>
    [Range(1, 1_024)]
    public int MaxAppliers { get; set; } = Math.Max(1, Environment.ProcessorCount / 2);

    /// <summary>
    /// The same while no more waits; never fewer than <see cref="MaxAppliers"/>. More bring points sooner to the root. Default: twice the
    /// number of processors.
    /// </summary>
    [Range(1, 1_024)]
    public int MaxCalmAppliers { get; set; } = 2 * Environment.ProcessorCount;

    /// <summary>
    /// Points that may wait in all partitions of a silo, to be journaled or to be applied, for its load to count as light. Default: 10,000
    /// for each processor.
    /// </summary>
    [Range(0, 100_000_000)]
    public int CalmWeight { get; set; } = 10_000 * Environment.ProcessorCount;

    /// <summary>
    /// Calls to nodes in flight at once. Many push each other out of the processor's caches, and what sources send waits behind them.
    /// Default: 64.
    /// </summary>
    [Range(1, 100_000)]
    public int MaxNodeCalls { get; set; } = 64;

    /// <summary>Nodes whose state is read from the storage at once. Default: 1,024.</summary>
    [Range(1, 100_000)]
    public int MaxNodeLoads { get; set; } = 1_024;

    /// <summary>
    /// Stored buckets and chunks that a partition keeps in memory until its next checkpoint for being restated by corrections. Default: 20,000.
    /// </summary>
    [Range(0, 10_000_000)]
    public int MaxRestatedRows { get; set; } = 20_000;

    /// <summary>
    /// Longest time between two checkpoints of a partition that changes; the first one comes earlier, so that partitions take turns.
    /// Default: 30 s.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "01:00:00")]
    public TimeSpan CheckpointInterval { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// How long a node that is not called stays in memory; at least twice <see cref="CheckpointInterval"/>, since one that leaves with
    /// changes that are not stored makes its partition replay. Default: 15 min.
    /// </summary>
    [Range(typeof(TimeSpan), "00:02:00", "1.00:00:00")]
    public TimeSpan NodeIdleTime { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>Journal that may pile up behind a checkpoint, in bytes: bounds the replay after a crash. Default: 16 MiB.</summary>
    [Range(1_024L, 10_000_000_000L)]
    public long CheckpointJournalBytes { get; set; } = 16 * 1_024 * 1_024;

    /// <summary>
    /// Longest time that calls wait for the journal before they are told to try again, within a tick; well below the 30 s after which
    /// a call counts as lost. Default: 10 s.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:00:20")]
    public TimeSpan MaxAppendWait { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How often a partition looks for nodes that must be told the time. Default: 200 ms.</summary>
    [Range(typeof(TimeSpan), "00:00:00.01", "00:00:10")]
    public TimeSpan TickInterval { get; set; } = TimeSpan.FromMilliseconds(200);

    /// <summary>How often a silo makes sure that its share of the partitions is active, although nothing changed. Default: 30 s.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan StartInterval { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How often a silo looks whether its share of the partitions has changed. Default: 250 ms.</summary>
    [Range(typeof(TimeSpan), "00:00:00.01", "00:00:10")]
    public TimeSpan WatchInterval { get; set; } = TimeSpan.FromMilliseconds(250);

    /// <summary>
    /// How long the same silos must be there before partitions move between them; what a dead silo had starts elsewhere at once. Longer
    /// spares moves while silos come and go. Default: 3 s.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:10:00")]
    public TimeSpan SettleTime { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>
    /// Longest such time: it doubles each time that a silo comes back at the same address sooner than this, so that partitions do not follow
    /// one that crashes in a loop to and fro. Default: 1 min.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00")]
    public TimeSpan MaxSettleTime { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Partitions that leave a silo for another at once. Default: 2.</summary>
    [Range(1, 1_000)]
    public int MaxMoves { get; set; } = 2;

    /// <summary>How long a partition that moves or stops may take to store what it has; what it has not, is replayed. Default: 10 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:10:00")]
    public TimeSpan CloseTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>First pause before something that failed is tried again; doubles up to <see cref="MaxRetryDelay"/>. Default: 50 ms.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "00:01:00")]
    public TimeSpan RetryDelay { get; set; } = TimeSpan.FromMilliseconds(50);

    /// <summary>Longest pause before something that failed is tried again. Default: 5 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "00:10:00")]
    public TimeSpan MaxRetryDelay { get; set; } = TimeSpan.FromSeconds(5);

    IEnumerable<ValidationResult> IValidatableObject.Validate(ValidationContext validationContext)
    {
        if (NodeIdleTime < 2 * CheckpointInterval)
        {
            yield return new ValidationResult(
                $"{SectionName}:{nameof(NodeIdleTime)} is {NodeIdleTime}, and {SectionName}:{nameof(CheckpointInterval)} {CheckpointInterval}: "
                + "a node must stay in memory for at least two intervals, or it leaves before its changes are stored.");
        }
    }
}

[OptionsValidator]
internal sealed partial class PartitionOptionsValidator : IValidateOptions<PartitionOptions>;
