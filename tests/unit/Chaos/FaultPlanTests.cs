using CsCheck;

namespace Monitoring.Chaos.Faults;

public sealed class FaultPlanTests
{
    private static readonly Gen<FaultPlanRequest> GenRequest = Gen.Select(
        Gen.Int[1, int.MaxValue], Gen.Int[10, 3_600], Gen.Int[1, 120], Gen.Int[0, 5], Gen.Int[1, 4], Gen.Bool, Gen.Bool).Select(
            (seed, seconds, every, silos, gateways, hasDatabase, hasCuts) =>
                new FaultPlanRequest(seed, TimeSpan.FromSeconds(seconds), TimeSpan.FromSeconds(every), silos, gateways, hasDatabase, hasCuts));

    [Fact]
    public void Create_SameRequest_GivesTheSamePlanInOrderOfTime() => GenRequest.Sample(request =>
    {
        var plan = FaultPlan.Create(request);

        Assert.Equal(plan, FaultPlan.Create(request));
        Assert.Equal(plan.OrderBy(fault => fault.At), plan);
    });

    [Fact]
    public void Create_AnyRequest_TouchesOnlyWhatIsThereAndEndsInTime() => GenRequest.Sample(request =>
    {
        foreach (var fault in FaultPlan.Create(request))
        {
            Assert.Contains(fault.Kind, FaultPlan.KindsFor(request));
            Assert.InRange(fault.At, TimeSpan.Zero, request.Duration - fault.Length);
            Assert.InRange(fault.Length, TimeSpan.Zero, FaultPlan.LongestFault);
            Assert.InRange(fault.Target, 0, Math.Max(request.Gateways, request.Silos) - 1);
        }
    });

    [Fact]
    public void Create_AnyRequest_TakesOneProcessOfARoleAtATimeAndLetsItsRoleRecover() => GenRequest.Sample(request =>
    {
        var free = new Dictionary<ProcessRole, TimeSpan>();
        foreach (var fault in FaultPlan.Create(request))
        {
            foreach (var role in FaultPlan.RolesOf(fault.Kind))
            {
                Assert.True(free.GetValueOrDefault(role) <= fault.At, $"{fault} begins before its role is well again");
                free[role] = fault.At + fault.Length + FaultPlan.Recovery;
            }
        }
    });

    [Fact]
    public void Create_LongRun_HasEveryKind() =>
        Gen.Select(Gen.Int[1, int.MaxValue], Gen.Int[0, 3], Gen.Bool, Gen.Bool).Sample((seed, silos, hasDatabase, hasCuts) =>
        {
            var request = new FaultPlanRequest(seed, TimeSpan.FromMinutes(20), TimeSpan.FromSeconds(10), silos, Gateways: 2, hasDatabase, hasCuts);

            Assert.Equal(FaultPlan.KindsFor(request).Order(), FaultPlan.Create(request).Select(fault => fault.Kind).Distinct().Order());
        });

    [Fact]
    public void Create_OtherSeed_GivesAnotherPlan()
    {
        var request = new FaultPlanRequest(1, TimeSpan.FromMinutes(20), TimeSpan.FromSeconds(10), Silos: 3, Gateways: 2, HasDatabase: true, HasCuts: true);

        Assert.NotEqual(FaultPlan.Create(request), FaultPlan.Create(request with { Seed = 2 }));
    }
}
