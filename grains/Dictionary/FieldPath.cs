namespace Monitoring.Dictionary;

/// <summary>Paths of fields, for example <c>indicators[2].rules[0].levels.warning.exit</c>.</summary>
internal static class FieldPath
{
    /// <summary>A field of the thing at a path; the empty path is the file.</summary>
    public static string Field(string path, string name) => path.Length == 0 ? name : $"{path}.{name}";

    /// <summary>An item of the list at a path.</summary>
    /// <param name="path">The list.</param>
    /// <param name="index">From 0.</param>
    public static string Item(string path, int index) => $"{path}[{index}]";

    /// <summary>The path of what is around a field or an item; empty for a field of the file.</summary>
    public static string Parent(string path)
    {
        var cut = path.LastIndexOfAny(['.', '[']);
        return cut < 0 ? string.Empty : path[..cut];
    }
}
