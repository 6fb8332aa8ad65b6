using System.Text.Json.Nodes;
using Google.Protobuf.Reflection;

namespace Monitoring.Gateway.Hosting;

/// <summary>JSON schemas of messages; collects every message that is referred to.</summary>
internal sealed class OpenApiSchemas(ProtoComments comments)
{
    private const string ErrorName = "Error";
    private readonly SortedDictionary<string, JsonObject> _schemas = new(StringComparer.Ordinal);

    public JsonObject ToJson() => new(_schemas.Select(schema => KeyValuePair.Create(schema.Key, (JsonNode?)schema.Value)));

    /// <summary>Refers to a message, and describes it.</summary>
    public JsonObject Reference(MessageDescriptor message)
    {
        if (_schemas.TryAdd(message.Name, []))
        {
            foreach (var (name, value) in Object(message, message.Fields.InDeclarationOrder()).ToArray())
            {
                _schemas[message.Name][name] = value?.DeepClone();
            }
        }

        return ReferenceTo(message.Name);
    }

    /// <summary>Refers to what a failed call answers with.</summary>
    public JsonObject ErrorReference()
    {
        _schemas.TryAdd(ErrorName, new JsonObject
        {
            ["type"] = "object",
            ["properties"] = new JsonObject
            {
                ["code"] = new JsonObject { ["type"] = "integer", ["format"] = "int32", ["description"] = "gRPC status code." },
                ["message"] = new JsonObject { ["type"] = "string", ["description"] = "What is wrong and how to mend it." },
            },
        });
        return ReferenceTo(ErrorName);
    }

    /// <summary>Describes some fields of a message as an object.</summary>
    public JsonObject Object(MessageDescriptor message, IEnumerable<FieldDescriptor> fields)
    {
        var properties = new JsonObject();
        foreach (var field in fields)
        {
            properties[field.JsonName] = Described(Of(field), comments[$"{message.Name}.{field.Name}"]);
        }

        return Described(new JsonObject { ["type"] = "object", ["properties"] = properties }, comments[message.Name]);
    }

    /// <summary>Describes the value of a field.</summary>
    public JsonObject Of(FieldDescriptor field)
    {
        var single = field.FieldType switch
        {
            FieldType.Message => Reference(field.MessageType),
            FieldType.Enum => new JsonObject
            {
                ["type"] = "string",
                ["enum"] = new JsonArray([.. field.EnumType.Values.Select(value => (JsonNode)value.Name)]),
            },
            FieldType.String => new JsonObject { ["type"] = "string" },
            FieldType.Bool => new JsonObject { ["type"] = "boolean" },
            FieldType.Double => new JsonObject { ["type"] = "number", ["format"] = "double" },
            FieldType.Int64 => new JsonObject { ["type"] = "integer", ["format"] = "int64" },
            FieldType.UInt32 or FieldType.UInt64 => new JsonObject { ["type"] = "integer", ["format"] = "int64", ["minimum"] = 0 },
            _ => throw new InvalidOperationException($"{field.FullName} has a type that is not described."),
        };
        return field.IsRepeated ? new JsonObject { ["type"] = "array", ["items"] = single } : single;
    }

    private static JsonObject ReferenceTo(string name) => new() { ["$ref"] = $"#/components/schemas/{name}" };

    private static JsonObject Described(JsonObject schema, string description)
    {
        // In OpenAPI 3.0 nothing may stand beside a reference.
        if (description.Length > 0 && !schema.ContainsKey("$ref"))
        {
            schema["description"] = description;
        }

        return schema;
    }
}
