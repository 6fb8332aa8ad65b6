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

    private readonly string _text;
    private readonly Scanner _scanner;
    private readonly Parser _parser;
    private readonly MistakeList _mistakes;

    // Brackets that are open; bounded by the nesting that is allowed.
    private readonly Stack<Mark> _brackets = new();

    private YamlTree(string text, MistakeList mistakes)
    {
        _text = text.StartsWith('\ufeff') ? text[1..] : text;
        _scanner = new Scanner(new StringReader(_text));
        _parser = new Parser(_scanner);
        _mistakes = mistakes;
    }

    /// <summary>The root of the one document, or null when there is none to speak of; what is wrong is added to the mistakes.</summary>
    public static YamlNode? Parse(string text, MistakeList mistakes)
    {
        var tree = new YamlTree(text, mistakes);
        try
        {
            return tree.ParseDocument();
        }
        catch (YamlException exception)
        {
            mistakes.Add(MistakeList.WholeFile, PositionOf(exception.Start), $"this is not valid YAML: {tree.Describe(exception)}");
            return null;
        }
        catch (Exception exception) when (exception is InvalidOperationException or ArgumentException or EndOfStreamException)
        {
            // The scanner meets some broken texts, such as a list that is never closed, with these instead of a YamlException.
            mistakes.Add(MistakeList.WholeFile, PositionOf(tree._scanner.CurrentPosition), $"this is not valid YAML: {tree.DescribeOpen()}");
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
        _mistakes.Add(MistakeList.WholeFile, position, "the file is empty");

    private YamlNode ParseNode(string path, TextPosition keyPosition, int nesting)
    {
        var current = (ParsingEvent)_parser.Current!;
        // A value that is left out has no place of its own.
        var isLeftOut = current is Scalar { Style: ScalarStyle.Plain, Value.Length: 0 };
        Place(path, isLeftOut ? keyPosition : PositionOf(current.Start));
        RequireNesting(nesting);
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
                return Bracketed(current, () => ParseSequence(path, nesting));
            case MappingStart:
                return Bracketed(current, () => ParseMapping(path, nesting));
            case AnchorAlias alias:
                _parser.MoveNext();
                return Refuse(path, $"the alias *{alias.Value} is not allowed; write the value out");
            default:
                throw new YamlException(current.Start, current.End, $"unexpected {current.GetType().Name}");
        }
    }

    /// <summary>Remembers the bracket that a node begins with, for when it is never closed.</summary>
    private YamlNode Bracketed(ParsingEvent start, Func<YamlNode> parse)
    {
        var at = (int)start.Start.Index;
        if (at >= _text.Length || _text[at] is not ('[' or '{'))
        {
            return parse();
        }

        _brackets.Push(start.Start);
        var node = parse();
        _brackets.Pop();
        return node;
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
                Skip(nesting);
                Skip(nesting);
                continue;
            }

            var field = FieldPath.Field(path, name.Value);
            if (lines.TryGetValue(name.Value, out var earlier))
            {
                _mistakes.Add(field, position, $"'{name.Value}' is given twice; it stands in line {earlier.Line} already");
                Skip(nesting);
                continue;
            }

            lines.Add(name.Value, position);
            entries.Add(new YamlEntry(name.Value, position, ParseNode(field, position, nesting + 1)));
        }

        return new YamlMapping(path, entries);
    }

    private void Skip(int nesting)
    {
        var depth = 0;
        do
        {
            depth += _parser.Consume<ParsingEvent>().NestingIncrease;
            RequireNesting(nesting + depth);
        }
        while (depth > 0);
    }

    /// <summary>Gives up at once, because deep nesting costs the scanner more with every level.</summary>
    private void RequireNesting(int nesting)
    {
        if (nesting > MaxNesting)
        {
            throw new YamlException(
                _scanner.CurrentPosition, _scanner.CurrentPosition, $"nested too deeply, at most {MaxNesting} levels are allowed");
        }
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

    private string DescribeOpen()
    {
        if (!_brackets.TryPeek(out var open))
        {
            return "it cannot be read beyond this place";
        }

        var bracket = _text[(int)open.Index];
        return $"the '{bracket}' in line {open.Line}, column {open.Column} is not closed by a '{(bracket == '[' ? ']' : '}')}' where it should be";
    }

    private string Describe(YamlException exception)
    {
        var message = exception.Message.AsSpan().TrimEnd('.');
        var what = message.IsEmpty ? "it cannot be parsed" : $"{char.ToLowerInvariant(message[0])}{message[1..]}";

        // A quote that is never closed begins far above the place where that shows.
        return _scanner.CurrentPosition.Line > exception.Start.Line ? $"{what}; noticed in line {_scanner.CurrentPosition.Line}" : what;
    }
}
