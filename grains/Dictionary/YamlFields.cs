using System.Collections.Immutable;
using System.Globalization;
using Monitoring.Indicators;

namespace Monitoring.Dictionary;

/// <summary>
/// Reads the fields of one mapping. What is missing or unreadable is added to the mistakes and stands in as a value that
/// <see cref="DictionaryRules"/> refuses, so that reading goes on and everything else is still checked.
/// </summary>
internal sealed class YamlFields
{
    private static readonly YamlMapping Nothing = new(string.Empty, []);

    private readonly YamlMapping _mapping;
    private readonly MistakeList _mistakes;
    private readonly bool _isRefused;

    /// <param name="node">What stands where the mapping is wanted.</param>
    /// <param name="known">Names of the fields that are allowed.</param>
    /// <param name="mistakes">Takes what is wrong.</param>
    public YamlFields(YamlNode node, ImmutableArray<string> known, MistakeList mistakes)
    {
        Path = node.Path;
        _mistakes = mistakes;
        if (node is YamlMapping mapping)
        {
            _mapping = mapping;
            RefuseUnknown(known);
            return;
        }

        (_mapping, _isRefused) = (Nothing, true);
        if (node is not YamlRefused)
        {
            var path = Path.Length == 0 ? MistakeList.WholeFile : Path;
            mistakes.AddUnreadable(path, $"must have fields ({string.Join(", ", known)}), but is {KindOf(node)}");
        }
    }

    /// <summary>Path of the mapping.</summary>
    public string Path { get; }

    /// <summary>Adds what is wrong with the mapping as a whole.</summary>
    public void Refuse(string message)
    {
        if (!_isRefused)
        {
            _mistakes.AddUnreadable(Path, message);
        }
    }

    /// <summary>True when the field is there and not null.</summary>
    public bool Has(string name) => Find(name) is not null;

    /// <summary>The field's value; null when it is left out.</summary>
    public YamlNode? Find(string name)
    {
        foreach (var entry in _mapping.Entries)
        {
            if (entry.Name == name)
            {
                return entry.Value is YamlScalar { IsNull: true } ? null : entry.Value;
            }
        }

        return null;
    }

    /// <summary>A field that must be there; null when it is not.</summary>
    /// <param name="name">Name of the field.</param>
    /// <param name="allowed">What to write, for the mistake.</param>
    public YamlNode? Require(string name, string allowed)
    {
        var value = Find(name);
        if (value is null && !_isRefused)
        {
            _mistakes.AddUnreadable(FieldPath.Field(Path, name), $"is missing; {allowed}");
        }

        return value;
    }

    /// <summary>Text that must be there; the stand-in is empty.</summary>
    public string RequireText(string name, string allowed) => Require(name, allowed) is { } node ? TextOf(node, allowed) ?? string.Empty : string.Empty;

    /// <summary>Text that may be left out; the stand-in is empty.</summary>
    public string Text(string name, string whenLeftOut, string allowed) => Find(name) is { } node ? TextOf(node, allowed) ?? string.Empty : whenLeftOut;

    /// <summary>One of a few words; the stand-in is given.</summary>
    public T RequireWord<T>(string name, ImmutableArray<(string Word, T Value)> words, T standIn) =>
        Require(name, OneOf(words)) is { } node ? WordOf(node, words, standIn) : standIn;

    /// <summary>One of a few words; the stand-in is given.</summary>
    public T Word<T>(string name, ImmutableArray<(string Word, T Value)> words, T whenLeftOut, T standIn) =>
        Find(name) is { } node ? WordOf(node, words, standIn) : whenLeftOut;

    /// <summary>A duration that must be there; the stand-in is negative.</summary>
    public TimeSpan RequireDuration(string name) =>
        Require(name, DurationText.Allowed) is { } node ? DurationOf(node) : StandIn.Duration;

    /// <summary>A duration; the stand-in is negative.</summary>
    public TimeSpan Duration(string name, TimeSpan whenLeftOut) => Find(name) is { } node ? DurationOf(node) : whenLeftOut;

    /// <summary>A text of a form of its own; the stand-in is given.</summary>
    public T Parsed<T>(string name, T whenLeftOut, T standIn, TryParse<T> parse, string allowed) =>
        Find(name) is { } node ? ParsedOf(node, standIn, parse, allowed) : whenLeftOut;

    /// <summary>A text of a form of its own that must be there; the stand-in is given.</summary>
    public T RequireParsed<T>(string name, T standIn, TryParse<T> parse, string allowed) =>
        Require(name, allowed) is { } node ? ParsedOf(node, standIn, parse, allowed) : standIn;

    /// <summary>A text of a form of its own that stands at a place; the stand-in is given.</summary>
    public T ParsedOf<T>(YamlNode node, T standIn, TryParse<T> parse, string allowed)
    {
        if (TextOf(node, allowed) is not { } text)
        {
            return standIn;
        }

        if (parse(text, out var value))
        {
            return value;
        }

        _mistakes.AddUnreadable(node.Path, $"'{Shorten(text)}' is not allowed; {allowed}");
        return standIn;
    }

    /// <summary>A finite number that must be there; the stand-in is NaN.</summary>
    public double RequireNumber(string name) => Require(name, "write a number such as 20 or 1.5") is { } node ? NumberOf(node) : double.NaN;

    /// <summary>A finite number; the stand-in is NaN.</summary>
    public double Number(string name, double whenLeftOut) => Find(name) is { } node ? NumberOf(node) : whenLeftOut;

    /// <summary>A whole number; the stand-in is negative.</summary>
    public long WholeNumber(string name, long whenLeftOut)
    {
        const string allowed = "write a whole number such as 5";
        if (Find(name) is not { } node)
        {
            return whenLeftOut;
        }

        if (TextOf(node, allowed) is not { } text)
        {
            return StandIn.WholeNumber;
        }

        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
        {
            return number;
        }

        _mistakes.AddUnreadable(node.Path, $"'{Shorten(text)}' is not a whole number; {allowed}");
        return StandIn.WholeNumber;
    }

    /// <summary>A list, empty when it is left out; the stand-in has one item that stands in itself.</summary>
    public ImmutableArray<T> List<T>(string name, Func<YamlNode, T> read) => Find(name) is { } node ? ListOf(node, read) : [];

    /// <summary>A list that must be there, though it may be empty.</summary>
    public ImmutableArray<T> RequireList<T>(string name, Func<YamlNode, T> read) =>
        Require(name, "write a list, [] for none") is { } node ? ListOf(node, read) : [read(new YamlRefused(FieldPath.Field(Path, name)))];

    /// <summary>Text of a scalar; null after a mistake.</summary>
    public string? TextOf(YamlNode node, string allowed)
    {
        if (node is YamlScalar scalar)
        {
            return scalar.Value;
        }

        if (node is not YamlRefused)
        {
            _mistakes.AddUnreadable(node.Path, $"must be a single value, but is {KindOf(node)}; {allowed}");
        }

        return null;
    }

    /// <summary>One of a few words that stands at a place; the stand-in is given.</summary>
    public T WordOf<T>(YamlNode node, ImmutableArray<(string Word, T Value)> words, T standIn)
    {
        if (TextOf(node, OneOf(words)) is not { } text)
        {
            return standIn;
        }

        if (DictionaryWords.TryFind(words, text, out var value))
        {
            return value;
        }

        _mistakes.AddUnreadable(node.Path, $"unknown word '{Shorten(text)}'{NearestWord.Hint(text, words.Select(pair => pair.Word))}; {OneOf(words)}");
        return standIn;
    }

    private TimeSpan DurationOf(YamlNode node)
    {
        if (TextOf(node, DurationText.Allowed) is not { } text)
        {
            return StandIn.Duration;
        }

        if (DurationText.TryParse(text, out var duration))
        {
            return duration;
        }

        _mistakes.AddUnreadable(node.Path, $"'{Shorten(text)}' is not a duration; {DurationText.Allowed}");
        return StandIn.Duration;
    }

    private double NumberOf(YamlNode node)
    {
        const NumberStyles style = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        const string allowed = "write a finite number with '.' as its decimal point, such as 20, -1.5 or 1e6";
        if (TextOf(node, allowed) is not { } text)
        {
            return double.NaN;
        }

        if (double.TryParse(text, style, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number))
        {
            return number;
        }

        _mistakes.AddUnreadable(node.Path, $"'{Shorten(text)}' is not a number that is allowed; {allowed}");
        return double.NaN;
    }

    private ImmutableArray<T> ListOf<T>(YamlNode node, Func<YamlNode, T> read)
    {
        if (node is YamlSequence sequence)
        {
            return [.. sequence.Items.Select(read)];
        }

        if (node is not YamlRefused)
        {
            _mistakes.AddUnreadable(node.Path, $"must be a list, but is {KindOf(node)}; begin every item with '- '");
        }

        return [read(new YamlRefused(node.Path))];
    }

    private void RefuseUnknown(ImmutableArray<string> known)
    {
        foreach (var entry in _mapping.Entries)
        {
            if (!known.Contains(entry.Name))
            {
                _mistakes.Add(
                    FieldPath.Field(Path, Shorten(entry.Name)),
                    entry.NamePosition,
                    $"unknown field '{Shorten(entry.Name)}'{NearestWord.Hint(entry.Name, known)}; known here: {string.Join(", ", known)}");
            }
        }
    }

    private static string OneOf<T>(ImmutableArray<(string Word, T Value)> words) =>
        $"write one of {string.Join(", ", words.Select(pair => pair.Word))}";

    private static string KindOf(YamlNode node) => node switch
    {
        YamlSequence => "a list",
        YamlMapping => "a mapping",
        YamlScalar { IsNull: true } => "empty",
        YamlScalar scalar => $"the single value '{Shorten(scalar.Value)}'",
        _ => "unreadable",
    };

    private static string Shorten(string text) => text.Length <= 80 ? text : string.Concat(text.AsSpan(0, 77), "...");
}

/// <summary>Reads a text; false when it says nothing that is allowed.</summary>
internal delegate bool TryParse<T>(string text, out T value);

/// <summary>Values that stand in for unreadable ones; the rules refuse each of them.</summary>
internal static class StandIn
{
    public const long WholeNumber = -1;
    public const Statistic Statistic = (Statistic)(-1);
    public const RuleDirection Direction = (RuleDirection)(-1);
    public const PeriodKind PeriodKind = (PeriodKind)(-1);
    public const DayOfWeek DayOfWeek = (DayOfWeek)(-1);
    public const MonthPattern MonthPattern = (MonthPattern)(-1);
    public const YearAnchor YearAnchor = (YearAnchor)(-1);
    public const PartialPeriod PartialPeriod = (PartialPeriod)(-1);
    public const YearAlignment YearAlignment = (YearAlignment)(-1);
    public const BetterDirection BetterDirection = (BetterDirection)(-1);

    public static TimeSpan Duration => TimeSpan.FromTicks(-1);

    public static DateOnly Date => DateOnly.MinValue;
}
