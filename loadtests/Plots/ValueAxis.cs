using System.Globalization;

namespace Monitoring.Plots;

/// <summary>The vertical axis, from 0 to a round number.</summary>
/// <param name="Step">From one line to the next: 1, 2 or 5 times a power of ten.</param>
/// <param name="Lines">Number of lines above 0.</param>
internal readonly record struct ValueAxis(double Step, int Lines)
{
    private const int MostLines = 6;

    /// <summary>The end of the axis.</summary>
    public double End => Step * Lines;

    /// <summary>The axis with the fewest lines that reaches a value.</summary>
    /// <param name="greatest">The value; an axis is made for 1 when it is not above 0.</param>
    public static ValueAxis For(double greatest)
    {
        var reach = greatest > 0 ? greatest : 1;
        var power = Math.Pow(10, Math.Floor(Math.Log10(reach / MostLines)));
        foreach (var factor in (ReadOnlySpan<double>)[1, 2, 5])
        {
            if (reach <= factor * power * MostLines)
            {
                return Of(factor * power);
            }
        }

        return Of(10 * power);

        ValueAxis Of(double step) => new(step, Math.Max(1, (int)Math.Ceiling((reach / step) - 1e-9)));
    }

    /// <summary>A number in little room: <c>1.6 M</c>, <c>340 k</c>, <c>12</c>, <c>0.35</c>.</summary>
    public static string Text(double value) => value switch
    {
        >= 999_500 => Digits(value / 1e6) + " M",
        >= 999.5 => Digits(value / 1e3) + " k",
        _ => Digits(value),
    };

    private static string Digits(double value) => Math.Round(value, value >= 100 ? 0 : value >= 10 ? 1 : 2).ToString("0.##", CultureInfo.InvariantCulture);
}
