using CsCheck;
using Monitoring.Dictionary;
using Monitoring.Infrastructure;

namespace Monitoring.Alerting;

public sealed class RuleEvaluationTests
{
    private static readonly AlertLevel[] AllLevels = [AlertLevel.Info, AlertLevel.Warning, AlertLevel.Critical];

    private static readonly Gen<RuleDefinition> GenRule = Gen.Select(
        Gen.Int[1, 7], Gen.Int[0, 3], Gen.OneOf(0, 0, 5, 20).Array[3], Gen.OneOf(0L, 0L, 3L), Gen.Bool).Select(
        (present, hysteresis, durations, minPoints, above) =>
        {
            var sign = above ? 1 : -1;
            return Sample.Rule("r") with
            {
                Direction = above ? RuleDirection.Above : RuleDirection.Below,
                MinPoints = minPoints,
                Levels =
                [
                    .. AllLevels.Where((_, index) => (present & (1 << index)) != 0).Select(level => new LevelDefinition
                    {
                        Level = level,
                        Enter = sign * (int)level * 4,
                        Exit = sign * (((int)level * 4) - hysteresis),
                        For = TimeSpan.FromMilliseconds(durations[(int)level - 1]),
                    }),
                ],
            };
        });

    private static readonly Gen<(double? Value, long Points, int Elapsed)> GenJudgement = Gen.Select(
        Gen.Frequency((9, Gen.Int[-15, 15].Select(value => (double?)value)), (1, Gen.Const((double?)null))),
        Gen.Frequency((4, Gen.Const(10L)), (1, Gen.Long[0, 4])),
        Gen.Int[0, 12]);

    [Fact]
    public void Next_AnyValuesAndChangesOfTheRule_StepsLikeTheNaiveMachine() =>
        Gen.Select(GenRule.Array[1, 3], GenJudgement.Array[1, 60], Gen.Int[0, 1_000]).Sample((rules, judgements, seed) =>
        {
            var random = new Random(seed);
            var naive = new NaiveRule();
            var state = new RuleState { Rule = "r" };
            var (rule, now, id) = (rules[0], 1_000L, default(string));
            for (var index = 0; index < judgements.Length; index++)
            {
                rule = random.Next(8) == 0 ? rules[random.Next(rules.Length)] : rule;
                var (value, points, elapsed) = judgements[index];
                now += elapsed;
                var judgement = new Judgement(value, points, now);
                var origin = new AlertOrigin(1, index, 2, 0);

                var (next, step) = RuleEvaluation.Next(rule, state, judgement, origin);

                var expected = naive.Next(rule, judgement);
                var actual = step is { } made ? (made.Kind, made.Alert.Level, made.Alert.Peak, made.Alert.StartedAt) : default;
                Assert.Equal(expected, actual);
                Assert.Equal(naive.Deadline(), RuleEvaluation.Deadline(rule, next));
                id = expected.Kind == TransitionKind.Firing ? origin.ToString() : id;
                Assert.Equal(next.Alert is null ? null : id, next.Alert?.Id);
                Assert.Equal(step?.Alert.Id ?? id, id);

                // The same again, at the same moment, changes nothing more: a replayed or merged input does no harm.
                var (again, none) = RuleEvaluation.Next(rule, next, judgement, origin);
                Assert.Null(none);
                state = again;
            }
        });

    [Fact]
    public void Next_NothingChanges_GivesTheVerySameState()
    {
        var rule = Sample.Rule("r", new LevelDefinition { Level = AlertLevel.Warning, Enter = 10, Exit = 8 });
        var (state, _) = RuleEvaluation.Next(rule, new RuleState { Rule = "r" }, new Judgement(11, 1, 1), new AlertOrigin(1, 1, 1, 0));

        var (next, step) = RuleEvaluation.Next(rule, state, new Judgement(9, 1, 2), new AlertOrigin(1, 2, 1, 0));

        Assert.Same(state, next);
        Assert.Null(step);
    }

    [Fact]
    public void Next_CrossesLevels_TellsTheThresholdThatWasCrossed()
    {
        var rule = Sample.Rule(
            "r",
            new LevelDefinition { Level = AlertLevel.Warning, Enter = 10, Exit = 8 },
            new LevelDefinition { Level = AlertLevel.Critical, Enter = 20, Exit = 15 });
        var state = new RuleState { Rule = "r" };
        var steps = new List<(TransitionKind, double?)>();
        foreach (var (value, at) in new double?[] { 11, 21, 14, 7, 12, null }.Select((value, index) => (value, index)))
        {
            (state, var step) = RuleEvaluation.Next(rule, state, new Judgement(value, 1, at), new AlertOrigin(1, at, 1, 0));
            steps.Add((step!.Value.Kind, step.Value.Threshold));
        }

        Assert.Equal(
        [
            (TransitionKind.Firing, 10), (TransitionKind.Escalated, 20), (TransitionKind.Deescalated, 15), (TransitionKind.Resolved, 8),
            (TransitionKind.Firing, 10), (TransitionKind.Resolved, null),
        ], steps);
    }

    [Fact]
    public void Withdraw_AlertIsOpen_ResolvesItAndOtherwiseDoesNothing()
    {
        var rule = Sample.Rule("r", new LevelDefinition { Level = AlertLevel.Warning, Enter = 10, Exit = 8 });
        var normal = new RuleState { Rule = "r" };
        var (firing, _) = RuleEvaluation.Next(rule, normal, new Judgement(11, 1, 1), new AlertOrigin(1, 1, 1, 0));

        Assert.Null(RuleEvaluation.Withdraw(normal));
        Assert.Equal(new RuleStep(TransitionKind.Resolved, firing.Alert!, null), RuleEvaluation.Withdraw(firing));
    }
}
