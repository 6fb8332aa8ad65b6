namespace Monitoring.Infrastructure;

/// <summary>The dictionary that the tests speak of.</summary>
internal static class TestDictionary
{
    public const string Indicator = "test.value";
    public const string Department = "test-ops";
    public const double Enter = 1_000;
    public const double Exit = 500;

    public const string Yaml = """
        departments:
          - id: test-ops
            name: {zh: 测试运行中心, en: Test operations}
            subscriptions:
              - {indicator: "test.*", path: "**", level: info}
        indicators:
          - code: test.value
            name: {zh: 测试值, en: Test value}
            description: {zh: 测试用的数据点之和。, en: Sum of the points of a test.}
            unit: points
            statistic: sum
            breakdown: [region, place]
            resolution: 1m
            period: {rolling: 60m}
            owner: test-ops
            rules:
              - id: high
                name: {zh: 偏高, en: Too high}
                path: "*"
                when: above
                levels:
                  warning: {enter: 1000, exit: 500}
        """;
}
