namespace Monitoring.Departments;

public sealed class AlertLimitsTests
{
    [Theory]
    [InlineData("de\0lay", "")]
    [InlineData("", "GA/\0")]
    public void Check_FilterThatCannotBeAskedOfStorage_IsRefused(string code, string pathPrefix) =>
        Assert.Throws<ArgumentException>(() => AlertLimits.Check(new AlertFilter { Code = code, PathPrefix = pathPrefix, Limit = 10 }));

    [Theory]
    [InlineData("a\0", "me", "")]
    [InlineData("a", "\0", "")]
    [InlineData("a", "me", "\0")]
    public void Check_CommandThatCannotBeStored_IsRefused(string alertId, string person, string comment) =>
        Assert.Throws<ArgumentException>(
            () => AlertLimits.Check(new AcknowledgeCommand { AlertId = alertId, Person = person, Comment = comment }));
}
