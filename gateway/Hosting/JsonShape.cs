using System.Globalization;
using System.Text.Json;
using Google.Protobuf.Reflection;

namespace Monitoring.Gateway.Hosting;

/// <summary>Finds the value of a JSON request that is of another kind than its field. Pure; what it lets pass is judged by transcoding.</summary>
internal static class JsonShape
{
    /// <summary>Where the first such value is and what is expected there, or null.</summary>
    /// <param name="value">The message as JSON.</param>
    /// <param name="message">What it should be.</param>
    /// <param name="at">Where it stands; empty for the request.</param>
    public static string? FindMistake(JsonElement value, MessageDescriptor message, string at = "")
    {
        if (value.ValueKind != JsonValueKind.Object)
        {
            return Mistake(at, value, "an object");
        }

        foreach (var property in value.EnumerateObject())
        {
            if (Find(message, property.Name) is { IsMap: false } field
                && property.Value.ValueKind != JsonValueKind.Null
                && FindMistake(property.Value, field, at.Length == 0 ? property.Name : $"{at}.{property.Name}") is { } mistake)
            {
                return mistake;
            }
        }

        return null;
    }

    private static FieldDescriptor? Find(MessageDescriptor message, string name)
    {
        foreach (var field in message.Fields.InDeclarationOrder())
        {
            if (field.Name == name || field.JsonName == name)
            {
                return field;
            }
        }

        return null;
    }

    private static string? FindMistake(JsonElement value, FieldDescriptor field, string at)
    {
        if (!field.IsRepeated)
        {
            return FindMistakeInOne(value, field, at);
        }

        if (value.ValueKind != JsonValueKind.Array)
        {
            return Mistake(at, value, "an array");
        }

        var index = 0;
        foreach (var item in value.EnumerateArray())
        {
            if (FindMistakeInOne(item, field, string.Create(CultureInfo.InvariantCulture, $"{at}[{index++}]")) is { } mistake)
            {
                return mistake;
            }
        }

        return null;
    }

    private static string? FindMistakeInOne(JsonElement value, FieldDescriptor field, string at) => field.FieldType switch
    {
        FieldType.Message => FindMistake(value, field.MessageType, at),
        FieldType.String or FieldType.Bytes => value.ValueKind == JsonValueKind.String ? null : Mistake(at, value, "a string"),
        FieldType.Bool => value.ValueKind is JsonValueKind.True or JsonValueKind.False ? null : Mistake(at, value, "true or false"),
        FieldType.Enum => IsNameOrNumber(value, field.EnumType)
            ? null
            : Mistake(at, value, string.Join(", ", field.EnumType.Values.Skip(1).Select(one => one.Name))),
        _ => IsNumber(value) ? null : Mistake(at, value, "a number"),
    };

    private static bool IsNameOrNumber(JsonElement value, EnumDescriptor type) => value.ValueKind == JsonValueKind.String
        ? type.FindValueByName(value.GetString()) is not null
        : value.ValueKind == JsonValueKind.Number;

    // Wide whole numbers and those that are none, such as "NaN", stand in strings.
    private static bool IsNumber(JsonElement value) => value.ValueKind == JsonValueKind.String
        ? double.TryParse(value.GetString(), CultureInfo.InvariantCulture, out _)
        : value.ValueKind == JsonValueKind.Number;

    private static string Mistake(string at, JsonElement value, string expected) => $"{at} is {Kind(value)}, expected {expected}";

    private static string Kind(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "an array",
        JsonValueKind.True => "true",
        JsonValueKind.False => "false",
        JsonValueKind.Null => "null",
        JsonValueKind.Number => $"the number {Shorten(value.GetRawText())}",
        _ => $"the string {Shorten(value.GetRawText())}",
    };

    private static string Shorten(string text) => text.Length <= 80 ? text : string.Concat(text.AsSpan(0, 77), "...");
}
