using System.Buffers;
using System.IO.Hashing;
using System.Runtime.InteropServices;

namespace Monitoring.Indicators;

/// <summary>
/// Identity of a node: an indicator's code and a position in its breakdown. Immutable; its hash is computed once, because every
/// point of the hot path looks a node up.
/// </summary>
[GenerateSerializer, Immutable, Alias("monitoring.node-key.v1")]
public sealed class NodeKey : IEquatable<NodeKey>
{
    /// <summary>Longest code, in characters.</summary>
    public const int MaxCodeLength = 100;

    /// <summary>Longest part of a path, in characters.</summary>
    public const int MaxPathPartLength = 100;

    /// <summary>Deepest breakdown.</summary>
    public const int MaxDepth = 8;

    /// <summary>The characters of a code.</summary>
    public const string CodeCharacters = "abcdefghijklmnopqrstuvwxyz0123456789._-";

    private static readonly SearchValues<char> AllowedInCode = SearchValues.Create(CodeCharacters);

    [Id(0)] private readonly string _code;
    [Id(1)] private readonly string _path;
    [Id(2)] private readonly ulong _hash;

    /// <summary>The node of an indicator at a path that <see cref="PathMistake"/> finds no fault with.</summary>
    public NodeKey(string code, string path)
    {
        _code = code;
        _path = path;
        _hash = StableHash(code, path);
    }

    /// <summary>Code of the indicator, for example <c>flights.delay</c>.</summary>
    public string Code => _code;

    /// <summary>Parts joined by '/', for example <c>GA/ATL</c>; empty for the whole.</summary>
    public string Path => _path;

    /// <summary>The same in every process and for ever: partitions are assigned by it.</summary>
    public ulong Hash => _hash;

    /// <summary>Number of parts of the path; 0 for the root.</summary>
    public int Depth => DepthOf(_path);

    /// <summary>The node one level up, or null for the root.</summary>
    public NodeKey? Parent()
    {
        if (_path.Length == 0)
        {
            return null;
        }

        var cut = _path.LastIndexOf('/');
        return new NodeKey(_code, cut < 0 ? string.Empty : _path[..cut]);
    }

    /// <summary>Number of parts of a path; 0 for the empty one.</summary>
    public static int DepthOf(ReadOnlySpan<char> path) => path.IsEmpty ? 0 : path.Count('/') + 1;

    /// <summary>What is wrong with a code, or null when nothing is.</summary>
    public static string? CodeMistake(string code) =>
        code.Length is 0 or > MaxCodeLength || code.AsSpan().ContainsAnyExcept(AllowedInCode)
            ? $"'{Shorten(code)}' is not allowed; write 1 to {MaxCodeLength} characters of a-z, 0-9, '.', '_' and '-'"
            : null;

    /// <summary>What is wrong with a path, or null when nothing is.</summary>
    /// <param name="path">Parts joined by '/'.</param>
    /// <param name="maxDepth">Number of dimensions of the indicator's breakdown.</param>
    public static string? PathMistake(string path, int maxDepth)
    {
        if (path.Length == 0)
        {
            return null;
        }

        foreach (var range in path.AsSpan().Split('/'))
        {
            var part = path.AsSpan(range);
            if (part.IsEmpty)
            {
                return $"path '{Shorten(path)}' has an empty part; join non-empty parts by a single '/'";
            }

            if (part.Length > MaxPathPartLength)
            {
                return $"path '{Shorten(path)}' has a part of {part.Length} characters, at most {MaxPathPartLength} are allowed";
            }

            if (part.ContainsAnyInRange('\0', '\u001f') || part[0] == ' ' || part[^1] == ' ' || part.IndexOf('*') >= 0)
            {
                return $"path '{Shorten(path)}' has a part with a control character, '*', or a space at its edge";
            }
        }

        var depth = DepthOf(path);
        return depth > maxDepth
            ? $"path '{Shorten(path)}' has {depth} parts, the breakdown has {maxDepth} dimensions"
            : null;
    }

    /// <inheritdoc/>
    public bool Equals(NodeKey? other) =>
        ReferenceEquals(this, other)
        || (other is not null && _hash == other._hash && _path == other._path && _code == other._code);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as NodeKey);

    /// <inheritdoc/>
    public override int GetHashCode() => (int)_hash;

    /// <summary>The code, and behind a '/' the path unless it is empty.</summary>
    public override string ToString() => _path.Length == 0 ? _code : $"{_code}/{_path}";

    /// <summary>Reads what <see cref="ToString"/> writes; a code contains no '/'.</summary>
    public static NodeKey Parse(string text)
    {
        var cut = text.IndexOf('/', StringComparison.Ordinal);
        return cut < 0 ? new NodeKey(text, string.Empty) : new NodeKey(text[..cut], text[(cut + 1)..]);
    }

    private static ulong StableHash(string code, string path)
    {
        var code64 = XxHash3.HashToUInt64(MemoryMarshal.AsBytes(code.AsSpan()));
        return XxHash3.HashToUInt64(MemoryMarshal.AsBytes(path.AsSpan()), (long)code64);
    }

    private static string Shorten(string text) => text.Length <= 80 ? text : string.Concat(text.AsSpan(0, 77), "...");
}
