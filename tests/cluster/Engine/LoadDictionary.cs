using Monitoring.Dictionary;
using Monitoring.Indicators;

namespace Monitoring.ClusterTests.Engine;

/// <summary>A dictionary with one indicator of one dimension, for tests to which it does not matter what is measured.</summary>
internal static class LoadDictionary
{
    /// <summary>Code of the indicator.</summary>
    public const string Code = "load.value";

    /// <summary>The dictionary.</summary>
    public static DictionaryContent Content { get; } = new()
    {
        Departments = [new DepartmentDefinition { Id = "centre", Name = new LocalizedText { En = "Centre" } }],
        Indicators =
        [
            new IndicatorDefinition
            {
                Code = Code,
                Name = new LocalizedText { En = "Load" },
                Statistic = Statistic.Sum,
                Breakdown = ["region"],
                Resolution = TimeSpan.FromMinutes(1),
                Period = new Period { Kind = PeriodKind.Rolling, Length = TimeSpan.FromHours(1) },
                Owner = "centre",
            },
        ],
    };
}
