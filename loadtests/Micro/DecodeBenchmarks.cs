using BenchmarkDotNet.Attributes;
using Google.Protobuf;
using Monitoring.Gateway.Ingest;
using Monitoring.Partitions;
using Monitoring.Protocol.V1;

namespace Monitoring.Micro;

/// <summary>What the gateway does with a batch: reads the message, whose points name their nodes by handle, and divides it by partition.</summary>
public class DecodeBenchmarks
{
    private const int Partitions = 16;

    private readonly BatchSplitter _splitter = new(new PartitionMap(Partitions), new IngestOptions());
    private readonly byte[] _message = Request().ToByteArray();

    [GlobalSetup]
    public void BindHandles()
    {
        var binding = new Batch { Sequence = 1 };
        for (var leaf = 0; leaf < MicroTree.Leaves; leaf++)
        {
            var key = MicroTree.Leaf(leaf);
            binding.Points.Add(new Point { Indicator = key.Code, Path = key.Path, Handle = HandleOf(leaf), TimeUnixMs = MicroTree.Start });
        }

        _splitter.Read(binding);
    }

    [Benchmark(OperationsPerInvoke = MicroTree.BatchPoints)]
    public PushRequest Parse() => PushRequest.Parser.ParseFrom(_message);

    [Benchmark(OperationsPerInvoke = MicroTree.BatchPoints)]
    public int ParseAndSplit()
    {
        _splitter.Read(Parse().Batch);
        _splitter.Split(MicroTree.Dictionary, latest: long.MaxValue);
        return _splitter.Columns.Count;
    }

    private static PushRequest Request()
    {
        var batch = new Batch { Sequence = 2 };
        var (leaves, times, values) = MicroTree.Points(seed: 1, MicroTree.Leaves);
        for (var index = 0; index < leaves.Length; index++)
        {
            batch.Points.Add(new Point { Handle = HandleOf(leaves[index]), TimeUnixMs = times[index], Value = values[index] });
        }

        return new PushRequest { Batch = batch };
    }

    // Handle 0 stands for none.
    private static uint HandleOf(int leaf) => (uint)leaf + 1;
}
