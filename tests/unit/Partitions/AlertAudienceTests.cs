using Monitoring.Alerting;
using Monitoring.Infrastructure;

namespace Monitoring.Partitions;

public sealed class AlertAudienceTests
{
    [Fact]
    public void Of_SubscriptionEndsWhileTheAlertIsOpen_TheDepartmentHearsTheEnd()
    {
        var audience = new AlertAudience();
        audience.Of(Sample.Transition("a", TransitionKind.Firing), ["noc", "ops"]);
        var restored = new AlertAudience();
        restored.Restore(audience.Store());

        Assert.Equal(["noc", "ops", "late"], restored.Of(Sample.Transition("a", TransitionKind.Escalated), ["ops", "late"]));
        Assert.Equal(["noc", "ops", "late"], restored.Of(Sample.Transition("a", TransitionKind.Resolved), []));
        Assert.Empty(restored.Store());
    }

    [Fact]
    public void Of_NobodySubscribes_IsNotRemembered()
    {
        var audience = new AlertAudience();

        Assert.Empty(audience.Of(Sample.Transition("a", TransitionKind.Firing), []));
        Assert.Empty(audience.Store());
    }
}
