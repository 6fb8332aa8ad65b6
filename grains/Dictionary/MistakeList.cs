using System.Collections.Immutable;

namespace Monitoring.Dictionary;

/// <summary>A mistake that knows its field, but no file yet.</summary>
internal readonly record struct FieldMistake(string Field, string Message);

/// <summary>Line and column, from 1; both 0 when there is no text.</summary>
internal readonly record struct TextPosition(int Line, int Column);

/// <summary>Gathers the mistakes of one dictionary, and gives fields their place in the file.</summary>
/// <param name="file">Name of the file.</param>
/// <param name="maxMistakes">Mistakes kept; more are counted out, see <see cref="ToImmutable"/>.</param>
internal sealed class MistakeList(string file, int maxMistakes)
{
    /// <summary>Field of mistakes that concern the file as a whole.</summary>
    public const string WholeFile = "(file)";

    // Bounded by the fields of a file, which is bounded itself.
    private readonly Dictionary<string, TextPosition> _positions = [];
    private readonly HashSet<string> _unreadable = [];
    private readonly List<Mistake> _mistakes = [];
    private bool _isCutOff;

    /// <summary>True when nothing is wrong.</summary>
    public bool IsEmpty => _mistakes.Count == 0;

    /// <summary>Remembers where a field stands.</summary>
    public void Place(string field, TextPosition position) => _positions[field] = position;

    /// <summary>Adds what is wrong with a field, where it stands; for a missing field, where the one around it stands.</summary>
    public void Add(string field, string message) => Add(field, PositionOf(field), message);

    /// <summary>Adds what is wrong at a place.</summary>
    public void Add(string field, TextPosition position, string message)
    {
        if (_mistakes.Count >= maxMistakes)
        {
            _isCutOff = true;
            return;
        }

        _mistakes.Add(new Mistake { File = file, Line = position.Line, Column = position.Column, Field = field, Message = message });
    }

    /// <summary>Adds why the value of a field could not be read; what the rules then find wrong with the stand-in value is not added.</summary>
    public void AddUnreadable(string field, string message)
    {
        _unreadable.Add(field);
        Add(field, message);
    }

    /// <summary>Adds what the rules found, without what only follows from unreadable fields.</summary>
    public void AddRange(IEnumerable<FieldMistake> found)
    {
        foreach (var (field, message) in found)
        {
            if (!IsUnreadable(field))
            {
                Add(field, message);
            }
        }
    }

    /// <summary>All mistakes in the order of the file; when some were left out, one more at the end says so.</summary>
    public ImmutableArray<Mistake> ToImmutable()
    {
        var sorted = _mistakes.OrderBy(mistake => mistake.Line).ThenBy(mistake => mistake.Column).ToImmutableArray();
        return !_isCutOff
            ? sorted
            : sorted.Add(new Mistake
            {
                File = file,
                Line = 0,
                Column = 0,
                Field = WholeFile,
                Message = $"there are more mistakes; only the first {maxMistakes} found are shown",
            });
    }

    private TextPosition PositionOf(string field)
    {
        for (var path = field; path.Length > 0; path = FieldPath.Parent(path))
        {
            if (_positions.TryGetValue(path, out var position))
            {
                return position;
            }
        }

        return _positions.GetValueOrDefault(WholeFile);
    }

    private bool IsUnreadable(string field)
    {
        for (var path = field; path.Length > 0; path = FieldPath.Parent(path))
        {
            if (_unreadable.Contains(path))
            {
                return true;
            }
        }

        return false;
    }
}
