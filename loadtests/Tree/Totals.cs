namespace Monitoring.Tree;

/// <summary>What was sent, or what a node holds.</summary>
/// <param name="Count">Number of points.</param>
/// <param name="Sum">Sum of their values, which are whole numbers.</param>
internal readonly record struct Totals(long Count, double Sum)
{
    public static Totals operator +(Totals left, Totals right) => new(left.Count + right.Count, left.Sum + right.Sum);
}
