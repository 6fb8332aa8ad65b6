using Monitoring.Dictionary;
using Monitoring.Gateway.Indicators;
using Monitoring.Indicators;

namespace Monitoring.Gateway;

public sealed class ComparisonTests
{
    [Theory]
    [InlineData(110.0, 100.0, BetterDirection.Higher, 10.0, 10.0, 1)]
    [InlineData(110.0, 100.0, BetterDirection.Lower, 10.0, 10.0, 2)]
    [InlineData(110.0, 100.0, BetterDirection.None, 10.0, 10.0, 0)]
    [InlineData(90.0, 100.0, BetterDirection.Lower, -10.0, -10.0, 1)]
    [InlineData(100.0, 100.0, BetterDirection.Higher, 0.0, 0.0, 0)]
    [InlineData(-5.0, -10.0, BetterDirection.Higher, 5.0, 50.0, 1)] // A smaller loss is better, and 50 % more.
    [InlineData(5.0, 0.0, BetterDirection.Higher, 5.0, null, 1)]
    [InlineData(5.0, null, BetterDirection.Higher, null, null, 0)]
    [InlineData(null, 5.0, BetterDirection.Higher, null, null, 0)]
    public void Of_TwoValues_TellsTheChange(double? present, double? earlier, BetterDirection better, double? delta, double? percent, int trend)
    {
        var comparison = Comparison.Of(ComparisonBase.Previous, PeriodWindow.Always, present, earlier, better);

        Assert.Equal((earlier, delta, percent, trend), (comparison.Value, comparison.Delta, comparison.Percent, (int)comparison.Trend));
    }
}
