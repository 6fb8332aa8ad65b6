using System.Globalization;
using System.Text;

namespace Monitoring.Dictionary;

/// <summary>Writes texts and numbers as YAML scalars that every YAML reader understands the same way.</summary>
internal static class YamlText
{
    // Words that some readers take for something else than text.
    private static readonly HashSet<string> Reserved =
        new(["null", "true", "false", "yes", "no", "on", "off", "y", "n"], StringComparer.OrdinalIgnoreCase);

    /// <summary>The text as it is where that is safe, otherwise in double quotes.</summary>
    public static string Of(string text) => IsPlain(text) ? text : Quote(text);

    /// <summary>The shortest number that reads back as the same.</summary>
    public static string Of(double number) => number.ToString("R", CultureInfo.InvariantCulture);

    private static bool IsPlain(string text)
    {
        if (text.Length == 0 || !char.IsLetter(text[0]) || text[^1] == ' ' || Reserved.Contains(text))
        {
            return false;
        }

        foreach (var character in text)
        {
            if (!char.IsLetterOrDigit(character) && character is not (' ' or '.' or '_' or '-'))
            {
                return false;
            }
        }

        return true;
    }

    private static string Quote(string text)
    {
        var quoted = new StringBuilder(text.Length + 2).Append('"');
        for (var index = 0; index < text.Length; index++)
        {
            var character = text[index];
            switch (character)
            {
                case '"' or '\\':
                    quoted.Append('\\').Append(character);
                    break;
                case '\n':
                    quoted.Append("\\n");
                    break;
                case '\t':
                    quoted.Append("\\t");
                    break;
                case >= ' ' and < '\u007f':
                    quoted.Append(character);
                    break;
                case var _ when char.IsSurrogatePair(text, index):
                    quoted.Append(character).Append(text[++index]);
                    break;
                case var _ when char.IsLetterOrDigit(character) || char.IsPunctuation(character) || char.IsSymbol(character):
                    quoted.Append(character);
                    break;
                default:
                    quoted.Append(CultureInfo.InvariantCulture, $"\\u{(int)character:X4}");
                    break;
            }
        }

        return quoted.Append('"').ToString();
    }
}
