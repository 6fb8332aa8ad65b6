using CsCheck;

namespace Monitoring.Partitions;

public sealed class RefusalBookTests
{
    [Fact]
    public void Find_AnyBatches_RemembersTheNewestOfEachSourceWithinTheLimit() =>
        Gen.Select(Gen.Int[0, 20], Gen.Select(Gen.Int[0, 2], Gen.Int[1, 8]).Array[0, 40]).Sample((limit, batches) =>
        {
            var book = new RefusalBook(limit);
            var noted = new List<RefusedItem>();
            foreach (var (source, points) in batches)
            {
                noted.Add(new RefusedItem($"s{source}", noted.Count + 1, [.. Enumerable.Range(0, points)], [], []));
                book.Note(noted[^1]);
            }

            foreach (var ofSource in noted.GroupBy(refused => refused.Source))
            {
                var points = 0;
                var isNewest = true;
                foreach (var refused in ofSource.Reverse())
                {
                    points += refused.Count;
                    Assert.Equal(isNewest || points <= limit ? refused : null, book.Find(refused.Source, refused.Sequence));
                    isNewest = false;
                }
            }

            var restored = new RefusalBook(limit);
            restored.Restore(book.Store());
            Assert.All(noted, refused => Assert.Equal(
                book.Find(refused.Source, refused.Sequence)?.Unknown, restored.Find(refused.Source, refused.Sequence)?.Unknown));
            Assert.Null(book.Find("nobody", 1));
        });
}
