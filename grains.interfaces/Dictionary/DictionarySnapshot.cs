using System.Collections.Frozen;
using System.Collections.Immutable;
using Monitoring.Alerting;
using Monitoring.Indicators;

namespace Monitoring.Dictionary;

/// <summary>Every definition in force at one version; immutable.</summary>
[GenerateSerializer, Immutable, Alias("monitoring.dictionary-snapshot.v1")]
public sealed class DictionarySnapshot
{
    [NonSerialized]
    private FrozenDictionary<string, IndicatorDefinition>? _byCode;

    /// <summary>The dictionary before the first one was applied.</summary>
    public static DictionarySnapshot Empty { get; } = new() { Version = 0 };

    /// <summary>1, 2, 3… with every change; 0 is the empty dictionary.</summary>
    [Id(0)] public required long Version { get; init; }

    /// <summary>Indicators, in the order of the file.</summary>
    [Id(1)] public ImmutableArray<IndicatorDefinition> Indicators { get; init; } = [];

    /// <summary>Departments, in the order of the file.</summary>
    [Id(2)] public ImmutableArray<DepartmentDefinition> Departments { get; init; } = [];

    /// <summary>The file as it was applied; for a dictionary that came as messages, the same content as YAML.</summary>
    [Id(3)] public string Yaml { get; init; } = string.Empty;

    /// <summary>Calendars, in the order of the file.</summary>
    [Id(4)] public ImmutableArray<CalendarDefinition> Calendars { get; init; } = [];

    /// <summary>Tables of holidays of the file, in its order; calendars hold those that they name.</summary>
    [Id(5)] public ImmutableArray<HolidayTable> Holidays { get; init; } = [];

    /// <summary>The definition of a code, or null.</summary>
    public IndicatorDefinition? Find(string code) => ByCode.GetValueOrDefault(code);

    /// <summary>Ids of the departments that are told of a transition of an alert on a node that has reached a level.</summary>
    public ImmutableArray<string> Subscribers(NodeKey node, AlertLevel peakLevel)
    {
        var subscribers = ImmutableArray.CreateBuilder<string>();
        foreach (var department in Departments)
        {
            foreach (var subscription in department.Subscriptions)
            {
                if (subscription.Level <= peakLevel
                    && PathPattern.MatchesCode(subscription.Indicator, node.Code)
                    && PathPattern.Matches(subscription.Path, node.Path))
                {
                    subscribers.Add(department.Id);
                    break;
                }
            }
        }

        return subscribers.ToImmutable();
    }

    private FrozenDictionary<string, IndicatorDefinition> ByCode =>
        _byCode ??= Indicators.ToFrozenDictionary(definition => definition.Code, StringComparer.Ordinal);
}
