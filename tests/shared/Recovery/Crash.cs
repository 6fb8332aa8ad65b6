namespace Monitoring.Recovery;

/// <summary>How an activation ends, and what becomes of its writes that are under way.</summary>
internal enum Crash
{
    /// <summary>Its memory is gone, and so is what was on its way to storage.</summary>
    LosesWrites,

    /// <summary>Its memory is gone; what was on its way to storage arrives there, and nobody hears of it.</summary>
    StoresWrites,

    /// <summary>It is cut off and does not know: it goes on, and its writes reach storage once another one has claimed the partition.</summary>
    Sleeps,
}
