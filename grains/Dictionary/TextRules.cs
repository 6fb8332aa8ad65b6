using System.Globalization;

namespace Monitoring.Dictionary;

/// <summary>What is allowed as text for people.</summary>
internal static class TextRules
{
    /// <summary>What is wrong with a text, or null.</summary>
    /// <param name="text">The text; may be empty.</param>
    /// <param name="maxLength">Longest text, in characters.</param>
    /// <param name="isMultiline">True when it may hold line breaks and tabs.</param>
    public static string? Mistake(string text, int maxLength, bool isMultiline = false)
    {
        if (text.Length > maxLength)
        {
            return $"has {text.Length} characters, at most {maxLength} are allowed";
        }

        for (var index = 0; index < text.Length; index++)
        {
            var character = text[index];
            if (char.IsControl(character) && !(isMultiline && character is '\n' or '\t'))
            {
                return string.Create(CultureInfo.InvariantCulture, $"has the control character U+{(int)character:X4}; only visible characters are allowed");
            }

            if (char.IsSurrogate(character))
            {
                if (!char.IsSurrogatePair(text, index))
                {
                    return "has half a surrogate pair; only whole characters are allowed";
                }

                index++;
            }
        }

        return null;
    }

    /// <summary>What is wrong with a name in both languages: a field below its path, and why.</summary>
    public static IEnumerable<FieldMistake> NameMistakes(string path, LocalizedText name, int maxLength)
    {
        if (string.IsNullOrWhiteSpace(name.Zh) && string.IsNullOrWhiteSpace(name.En))
        {
            yield return new FieldMistake(path, "is empty; give it a text in at least one of zh and en");
            yield break;
        }

        foreach (var mistake in Mistakes(path, name, maxLength, isMultiline: false))
        {
            yield return mistake;
        }
    }

    /// <summary>What is wrong with a text in both languages that may be empty.</summary>
    public static IEnumerable<FieldMistake> Mistakes(string path, LocalizedText text, int maxLength, bool isMultiline)
    {
        // A plain text stands for both languages; what is wrong with it is said once, of the field itself.
        if (text.Zh == text.En)
        {
            if (Mistake(text.Zh, maxLength, isMultiline) is { } both)
            {
                yield return new FieldMistake(path, both);
            }

            yield break;
        }

        if (Mistake(text.Zh, maxLength, isMultiline) is { } zh)
        {
            yield return new FieldMistake(FieldPath.Field(path, "zh"), zh);
        }

        if (Mistake(text.En, maxLength, isMultiline) is { } en)
        {
            yield return new FieldMistake(FieldPath.Field(path, "en"), en);
        }
    }
}
