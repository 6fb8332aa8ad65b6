using Monitoring.Gateway.Demo;

namespace Monitoring.Demo;

public sealed class DemoCommandLineTests
{
    [Theory]
    [InlineData("--demo", "--Demo:Enabled=true")]
    [InlineData("--demo --Gateway:WebPort=1", "--Demo:Enabled=true --Gateway:WebPort=1")]
    [InlineData("--demo-speed 120 --demo", "--Demo:Speed=120 --Demo:Enabled=true")]
    [InlineData("--demo-speed=max", "--Demo:AsFastAsPossible=true")]
    [InlineData("--Storage:DataFolder ./x", "--Storage:DataFolder ./x")]
    public void Expand_Switches_BecomeConfigurationKeys(string arguments, string expected) =>
        Assert.Equal(expected.Split(' '), DemoCommandLine.Expand(arguments.Split(' ')));
}
