using CsCheck;

namespace Monitoring.Partitions;

public sealed class FairQueueTests
{
    private const int MaxItemWeight = 12;
    private static readonly string[] Sources = ["a", "b", "c", "d", "e"];

    /// <summary>A source adds an item of a weight; of weight 0, the next one is taken.</summary>
    private static readonly Gen<(int Source, int Weight)> GenStep = Gen.Select(
        Gen.Frequency((3, Gen.Const(0)), (1, Gen.Int[0, Sources.Length - 1])), Gen.Frequency((1, Gen.Const(0)), (2, Gen.Int[1, MaxItemWeight])));

    [Fact]
    public void AnySteps_OrderBoundsAndSharesHoldAndNothingIsLost() =>
        Gen.Select(GenStep.Array[0, 400], Gen.Int[1, 20], Gen.Int[1, 120], Gen.Int[1, 80]).Sample((steps, quantum, maxWeight, maxSourceWeight) =>
        {
            var model = new Waiting(maxWeight, maxSourceWeight);
            var queue = new FairQueue<Item>(quantum, maxWeight, maxSourceWeight, model.OnDisplaced);
            var number = 0;
            foreach (var (source, weight) in steps)
            {
                if (weight == 0)
                {
                    var isTaken = queue.TryTake(out var taken, out var takenWeight);
                    Assert.Equal(model.Weight > 0, isTaken);
                    if (isTaken)
                    {
                        Assert.Equal(taken.Weight, takenWeight);
                        model.OnTaken(taken, quantum);
                    }
                }
                else
                {
                    var item = new Item(Sources[source], number++, weight);
                    var expected = model.Expected(item);
                    model.Incoming = item;
                    Assert.Equal(expected, queue.TryAdd(item.Source, item, weight));
                    model.OnAnswered(item, expected);
                }

                Assert.Equal(model.Weight, queue.Weight);
                Assert.Equal(model.Sources, queue.Sources);
                Assert.True(queue.Weight < maxWeight + MaxItemWeight);
            }

            while (queue.TryTake(out var rest, out _))
            {
                model.OnTaken(rest, quantum);
            }

            Assert.Equal(0, model.Weight);
        });

    [Fact]
    public void DisplaceAll_FirstItemsOfSomeSources_LetsAllOfTheseGiveWay()
    {
        var queue = new FairQueue<Item>(quantum: 1, maxWeight: 100, maxSourceWeight: 100, _ => { });
        foreach (var (source, number) in new[] { ("a", 1), ("b", 2), ("a", 3), ("c", 4), ("b", 5) })
        {
            queue.TryAdd(source, new Item(source, number, 1), 1);
        }

        var given = new List<int>();
        queue.DisplaceAll(first => first.Number is 1 or 4 or 5, item => given.Add(item.Number));

        Assert.Equal([3, 1, 4], given);
        Assert.Equal((2, 1), (queue.Weight, queue.Sources));
        var left = new List<int>();
        queue.Clear(item => left.Add(item.Number));
        Assert.Equal([2, 5], left);
    }

    [Fact]
    public void TryTake_OneSourceHasFarMore_OthersAreServedWithinOneTurnOfIt()
    {
        var queue = new FairQueue<Item>(quantum: 100, maxWeight: 1_000_000, maxSourceWeight: 1_000_000, _ => { });
        for (var number = 0; number < 1_000; number++)
        {
            queue.TryAdd("hot", new Item("hot", number, 50), 50);
        }

        queue.TryAdd("one", new Item("one", 0, 1), 1);
        queue.TryAdd("two", new Item("two", 0, 100), 100);

        var served = new List<string>();
        while (served.Count < 4 && queue.TryTake(out var item, out _))
        {
            served.Add(item.Source);
        }

        Assert.Equal(["hot", "hot", "one", "two"], served);
    }

    [Fact]
    public void TryAdd_HotSourceFilledEverything_GivesWayToWhoeverStaysWithinItsShare()
    {
        var displaced = new List<Item>();
        var queue = new FairQueue<Item>(quantum: 10, maxWeight: 100, maxSourceWeight: 100, displaced.Add);
        for (var number = 0; number < 10; number++)
        {
            Assert.Equal(FairAnswer.Taken, queue.TryAdd("hot", new Item("hot", number, 10), 10));
        }

        Assert.Equal(FairAnswer.SourceFull, queue.TryAdd("hot", new Item("hot", 10, 10), 10));
        Assert.Equal(FairAnswer.QueueFull, queue.TryAdd("greedy", new Item("greedy", 0, 51), 51));
        Assert.Equal(FairAnswer.Taken, queue.TryAdd("quiet", new Item("quiet", 0, 11), 11));

        Assert.Equal([new Item("hot", 9, 10)], displaced);
        Assert.Equal(101, queue.Weight);
    }

    private sealed record Item(string Source, int Number, int Weight);

    /// <summary>A plain list of what waits, and what each source was served since it began to wait.</summary>
    private sealed class Waiting(int maxWeight, int maxSourceWeight)
    {
        private readonly List<Item> _items = [];
        private readonly Dictionary<(string Of, string Since), int> _served = [];

        public int Weight => _items.Sum(item => item.Weight);

        public int Sources => _items.Select(item => item.Source).Distinct().Count();

        public Item? Incoming { get; set; }

        public FairAnswer Expected(Item item)
        {
            var sources = _items.Select(waiting => waiting.Source).Append(item.Source).Distinct().Count();
            return Held(item.Source) >= maxSourceWeight ? FairAnswer.SourceFull
                : Weight < maxWeight || (Held(item.Source) + item.Weight) <= maxWeight / (double)sources ? FairAnswer.Taken
                : FairAnswer.QueueFull;
        }

        public void OnAnswered(Item item, FairAnswer answer)
        {
            if (answer == FairAnswer.Taken)
            {
                if (Held(item.Source) == 0)
                {
                    BeginToWait(item.Source);
                }

                _items.Add(item);
            }
        }

        public void OnDisplaced(Item item)
        {
            // Only for somebody within its share, only without room, only from who has most and more than its share, and the last comes first.
            Assert.NotNull(Incoming);
            Assert.True(Weight >= maxWeight);
            Assert.NotEqual(Incoming.Source, item.Source);
            var sources = _items.Select(waiting => waiting.Source).Append(Incoming.Source).Distinct().Count();
            Assert.True(Held(item.Source) > maxWeight / (double)sources);
            Assert.All(_items, other => Assert.True(Held(other.Source) <= Held(item.Source)));
            Assert.Equal(_items.Last(other => other.Source == item.Source), item);
            _items.Remove(item);
        }

        public void OnTaken(Item item, int quantum)
        {
            Assert.Equal(_items.First(other => other.Source == item.Source), item);
            _items.Remove(item);
            foreach (var other in _items.Select(waiting => waiting.Source).Distinct().Where(source => source != item.Source))
            {
                // As long as both wait, neither gets more than a turn ahead, and what two items cannot be divided by.
                var ahead = _served[(item.Source, other)] += item.Weight;
                Assert.True(ahead - _served[(other, item.Source)] <= quantum + (2 * MaxItemWeight));
            }
        }

        private int Held(string source) => _items.Where(item => item.Source == source).Sum(item => item.Weight);

        private void BeginToWait(string source)
        {
            foreach (var other in FairQueueTests.Sources)
            {
                (_served[(source, other)], _served[(other, source)]) = (0, 0);
            }
        }
    }
}
