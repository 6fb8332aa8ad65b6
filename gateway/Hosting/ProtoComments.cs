using System.Text;
using System.Text.RegularExpressions;

namespace Monitoring.Gateway.Hosting;

/// <summary>
/// The comments of our proto files by the name of what they stand above, for example <c>Alerts.List</c> or <c>ListAlertsRequest.levels</c>:
/// descriptors at run time do not carry them. Knows no more of the syntax than these files use.
/// </summary>
internal sealed partial class ProtoComments
{
    private readonly Dictionary<string, string> _byName = new(StringComparer.Ordinal);

    /// <summary>Reads the files that are embedded in this assembly.</summary>
    public static ProtoComments Load()
    {
        var comments = new ProtoComments();
        var assembly = typeof(ProtoComments).Assembly;
        foreach (var name in assembly.GetManifestResourceNames().Where(name => name.EndsWith(".proto", StringComparison.Ordinal)))
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
            comments.Read(reader);
        }

        return comments;
    }

    /// <summary>The comment of a service's method, a message or a field; empty when it has none.</summary>
    public string this[string name] => _byName.GetValueOrDefault(name, string.Empty);

    private void Read(TextReader reader)
    {
        var block = string.Empty;
        var comment = new StringBuilder();
        while (reader.ReadLine() is { } line)
        {
            var text = line.Trim();
            if (text.StartsWith("//", StringComparison.Ordinal))
            {
                comment.Append(comment.Length == 0 ? string.Empty : " ").Append(text.AsSpan(2).Trim());
                continue;
            }

            if (Block().Match(text) is { Success: true } opened)
            {
                block = opened.Groups["name"].Value;
                Keep(block, comment);
            }
            else if (Method().Match(text) is { Success: true } method)
            {
                Keep($"{block}.{method.Groups["name"].Value}", comment);
            }
            else if (Field().Match(text) is { Success: true } field)
            {
                Keep($"{block}.{field.Groups["name"].Value}", comment);
            }

            comment.Clear();
        }
    }

    private void Keep(string name, StringBuilder comment)
    {
        if (comment.Length > 0)
        {
            _byName[name] = comment.ToString();
        }
    }

    [GeneratedRegex(@"^(service|message|enum) (?<name>\w+) \{", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, 1_000)]
    private static partial Regex Block();

    [GeneratedRegex(@"^rpc (?<name>\w+)\(", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, 1_000)]
    private static partial Regex Method();

    [GeneratedRegex(@"^(repeated |optional )?[\w.]+ (?<name>\w+) = \d+", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, 1_000)]
    private static partial Regex Field();
}
