namespace Monitoring;

public sealed class SmokeTests
{
    [Fact]
    public void Runs() => Assert.Equal(1, int.Parse("1", System.Globalization.CultureInfo.InvariantCulture));
}
