using System.Diagnostics;

namespace Monitoring.Infrastructure;

/// <summary>Waits for a condition by looking again and again, for a limited time.</summary>
internal static class Eventually
{
    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan _limit = TimeSpan.FromSeconds(30);

    /// <summary>Reads until the value is as wanted.</summary>
    /// <returns>The value that was.</returns>
    public static async Task<T> BecomesAsync<T>(Func<Task<T>> read, Func<T, bool> isWanted, TimeSpan? limit = null)
    {
        var began = Stopwatch.GetTimestamp();
        using var timer = new PeriodicTimer(_pause);
        while (true)
        {
            var value = await read();
            if (isWanted(value))
            {
                return value;
            }

            Assert.True(Stopwatch.GetElapsedTime(began) < (limit ?? _limit), $"It did not come about in time; the last value was {value}.");
            await timer.WaitForNextTickAsync(TestContext.Current.CancellationToken);
        }
    }

    /// <summary>Looks until something is true.</summary>
    public static Task TrueAsync(Func<bool> isTrue, TimeSpan? limit = null) =>
        BecomesAsync(() => Task.FromResult(isTrue()), value => value, limit);
}
