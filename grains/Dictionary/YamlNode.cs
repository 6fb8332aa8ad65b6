namespace Monitoring.Dictionary;

/// <summary>A piece of a YAML file that knows its field path.</summary>
internal abstract record YamlNode(string Path);

/// <summary>A scalar.</summary>
/// <param name="Path">Path of the field.</param>
/// <param name="Value">Its text.</param>
/// <param name="IsPlain">True when it stands without quotes and is no block of text.</param>
internal sealed record YamlScalar(string Path, string Value, bool IsPlain) : YamlNode(Path)
{
    /// <summary>True for nothing, <c>~</c> and <c>null</c>: the field counts as left out.</summary>
    public bool IsNull => IsPlain && Value is ("" or "~" or "null");
}

/// <summary>A list.</summary>
internal sealed record YamlSequence(string Path, IReadOnlyList<YamlNode> Items) : YamlNode(Path);

/// <summary>Names with values, each name once, in the order of the file.</summary>
internal sealed record YamlMapping(string Path, IReadOnlyList<YamlEntry> Entries) : YamlNode(Path);

/// <summary>A name with its value.</summary>
internal sealed record YamlEntry(string Name, TextPosition NamePosition, YamlNode Value);

/// <summary>Something that was found wrong already, and of which nothing more is to be said.</summary>
internal sealed record YamlRefused(string Path) : YamlNode(Path);
