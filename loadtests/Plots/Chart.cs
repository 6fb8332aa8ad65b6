namespace Monitoring.Plots;

/// <summary>One value of a chart.</summary>
/// <param name="Value">The median of several runs.</param>
/// <param name="Least">The least of them.</param>
/// <param name="Greatest">The greatest of them.</param>
internal sealed record ChartValue(double Value, double Least, double Greatest);

/// <summary>Values of one kind.</summary>
/// <param name="Name">The kind, for the legend.</param>
/// <param name="Values">One for each category; null where none was measured.</param>
internal sealed record ChartSeries(string Name, IReadOnlyList<ChartValue?> Values);

/// <summary>How values are drawn.</summary>
internal enum ChartKind
{
    Bars = 0,
    Lines = 1,
}

/// <summary>What a chart shows.</summary>
/// <param name="Title">What it is about, with the unit of its values.</param>
/// <param name="Kind">How values are drawn.</param>
/// <param name="Categories">Names along the horizontal axis.</param>
/// <param name="Series">Kinds of values; at most as many as there are colours.</param>
internal sealed record Chart(string Title, ChartKind Kind, IReadOnlyList<string> Categories, IReadOnlyList<ChartSeries> Series)
{
    /// <summary>Whether there is anything to see.</summary>
    public bool IsEmpty => Series.All(series => series.Values.All(value => value is null));
}
