using System.Globalization;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Monitoring.Dictionary;

/// <summary>
/// Turns the events of YAML into a tree whose pieces know their field path. Anchors, aliases and tags are refused: no small text can
/// stand for a large dictionary, and none can name a type.
/// </summary>
internal sealed class YamlTree
{
    /// <summary>Deepest nesting; the deepest field of a dictionary is 8 levels down.</summary>
    private const int MaxNesting = 16;

    private readonly Parser _parser;
    private readonly MistakeList _mistakes;

    private YamlTree(string text, MistakeList mistakes)
    {
        _parser = new Parser(new StringReader(text));
        _mistakes = mistakes;
    }

    /// <summary>The root of the one document, or null when there is none to speak of; what is wrong is added to the mistakes.</summary>
    public static YamlNode? Parse(string text, MistakeList mistakes)
    {
        try
        {
            return new YamlTree(text, mistakes).ParseDocument();
        }
        catch (YamlException exception)
        {
            mistakes.Add(MistakeList.WholeFile, PositionOf(exception.Start), $"this is not valid YAML: {Describe(exception)}");
            return null;
        }
    }

    private YamlNode? ParseDocument()
    {
        _parser.Consume<StreamStart>();
        if (_parser.Accept<StreamEnd>(out _))
        {
            AddEmpty(new TextPosition(1, 1));
            return null;
        }

        _parser.Consume<DocumentStart>();
        var first = (ParsingEvent)_parser.Current!;
        _mistakes.Place(MistakeList.WholeFile, PositionOf(first.Start));
        var root = ParseNode(string.Empty, PositionOf(first.Start), nesting: 0);
        _parser.Consume<DocumentEnd>();
        if (_parser.TryConsume<DocumentStart>(out var second))
        {
            _mistakes.Add(MistakeList.WholeFile, PositionOf(second.Start), "a second document begins here; a dictionary is one document");
            return null;
        }

        if (root is YamlScalar { IsNull: true })
        {
            AddEmpty(PositionOf(first.Start));
            return null;
        }

        return root;
    }

    private void AddEmpty(TextPosition position) =>
        _mistakes.Add(MistakeList.WholeFile, position, "the file is empty; it needs the fields departments and indicators");

    private YamlNode ParseNode(string path, TextPosition keyPosition, int nesting)
    {
        var current = (ParsingEvent)_parser.Current!;
        // A value that is left out has no place of its own.
        var isLeftOut = current is Scalar { Style: ScalarStyle.Plain, Value.Length: 0 };
        Place(path, isLeftOut ? keyPosition : PositionOf(current.Start));
        if (nesting > MaxNesting)
        {
            _parser.SkipThisAndNestedEvents();
            return Refuse(path, $"nested too deeply; at most {MaxNesting} levels are allowed");
        }

        if (current is NodeEvent node)
        {
            RefuseProperties(path, node);
        }

        switch (current)
        {
            case Scalar scalar:
                _parser.MoveNext();
                return new YamlScalar(path, scalar.Value, scalar.Style == ScalarStyle.Plain);
            case SequenceStart:
                return ParseSequence(path, nesting);
            case MappingStart:
                return ParseMapping(path, nesting);
            case AnchorAlias alias:
                _parser.MoveNext();
                return Refuse(path, $"the alias *{alias.Value} is not allowed; write the value out");
            default:
                throw new YamlException(current.Start, current.End, $"unexpected {current.GetType().Name}");
        }
    }

    private YamlSequence ParseSequence(string path, int nesting)
    {
        _parser.Consume<SequenceStart>();
        var items = new List<YamlNode>();
        while (!_parser.TryConsume<SequenceEnd>(out _))
        {
            items.Add(ParseNode(FieldPath.Item(path, items.Count), PositionOf(((ParsingEvent)_parser.Current!).Start), nesting + 1));
        }

        return new YamlSequence(path, items);
    }

    private YamlMapping ParseMapping(string path, int nesting)
    {
        _parser.Consume<MappingStart>();
        var entries = new List<YamlEntry>();
        var lines = new Dictionary<string, TextPosition>();
        while (!_parser.TryConsume<MappingEnd>(out _))
        {
            var position = PositionOf(((ParsingEvent)_parser.Current!).Start);
            if (!_parser.TryConsume<Scalar>(out var name))
            {
                _mistakes.Add(path.Length == 0 ? MistakeList.WholeFile : path, position, "the name of a field must be a plain word");
                _parser.SkipThisAndNestedEvents();
                _parser.SkipThisAndNestedEvents();
                continue;
            }

            var field = FieldPath.Field(path, name.Value);
            if (lines.TryGetValue(name.Value, out var earlier))
            {
                _mistakes.Add(field, position, $"'{name.Value}' is given twice; it stands in line {earlier.Line} already");
                _parser.SkipThisAndNestedEvents();
                continue;
            }

            lines.Add(name.Value, position);
            entries.Add(new YamlEntry(name.Value, position, ParseNode(field, position, nesting + 1)));
        }

        return new YamlMapping(path, entries);
    }

    private void RefuseProperties(string path, NodeEvent node)
    {
        if (!node.Anchor.IsEmpty)
        {
            _mistakes.Add(NameOf(path), PositionOf(node.Start), $"the anchor &{node.Anchor.Value} is not allowed; write values out where they are needed");
        }

        if (!node.Tag.IsEmpty && !node.Tag.IsNonSpecific)
        {
            _mistakes.Add(NameOf(path), PositionOf(node.Start), $"the tag {node.Tag.Value} is not allowed; leave it out");
        }
    }

    private YamlRefused Refuse(string path, string message)
    {
        _mistakes.AddUnreadable(NameOf(path), message);
        return new YamlRefused(path);
    }

    private void Place(string path, TextPosition position) => _mistakes.Place(NameOf(path), position);

    private static string NameOf(string path) => path.Length == 0 ? MistakeList.WholeFile : path;

    private static TextPosition PositionOf(Mark mark) => new((int)mark.Line, (int)mark.Column);

    private static string Describe(YamlException exception)
    {
        var message = exception.Message.AsSpan().TrimEnd('.');
        return message.IsEmpty ? "it cannot be parsed" : string.Create(CultureInfo.InvariantCulture, $"{char.ToLowerInvariant(message[0])}{message[1..]}");
    }
}
