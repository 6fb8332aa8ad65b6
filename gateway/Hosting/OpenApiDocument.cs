using System.Collections.Immutable;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Google.Api;
using Google.Protobuf.Reflection;
using ServiceDescriptor = Google.Protobuf.Reflection.ServiceDescriptor;
using Wire = Monitoring.Protocol.V1;

namespace Monitoring.Gateway.Hosting;

/// <summary>The OpenAPI 3.0 description of every method that has an HTTP annotation, made from the descriptors of our protocol.</summary>
internal sealed partial class OpenApiDocument
{
    private const string JsonType = "application/json";
    private readonly ProtoComments _comments = ProtoComments.Load();
    private readonly OpenApiSchemas _schemas;

    public OpenApiDocument()
    {
        _schemas = new OpenApiSchemas(_comments);
        var paths = new JsonObject();
        foreach (var service in Services)
        {
            foreach (var method in service.Methods)
            {
                AddMethod(paths, method);
            }
        }

        Json = new JsonObject
        {
            ["openapi"] = "3.0.3",
            ["info"] = new JsonObject
            {
                ["title"] = "Monitoring",
                ["version"] = "v1",
                ["description"] = "Indicators, alerts and definitions. Streams of points, alerts and live values are gRPC only.",
            },
            ["paths"] = paths,
            ["components"] = new JsonObject { ["schemas"] = _schemas.ToJson() },
        }.ToJsonString();
    }

    /// <summary>Every service that is reachable by REST.</summary>
    public static ImmutableArray<ServiceDescriptor> Services { get; } =
        [Wire.Dictionary.Descriptor, Wire.Indicators.Descriptor, Wire.Alerts.Descriptor, Wire.Ingest.Descriptor];

    /// <summary>The document.</summary>
    public string Json { get; }

    private void AddMethod(JsonObject paths, MethodDescriptor method)
    {
        if (method.GetOptions()?.GetExtension(AnnotationsExtensions.Http) is not { } rule)
        {
            return;
        }

        var number = 0;
        foreach (var binding in rule.AdditionalBindings.Prepend(rule))
        {
            var (verb, pattern) = binding.PatternCase switch
            {
                HttpRule.PatternOneofCase.Get => ("get", binding.Get),
                HttpRule.PatternOneofCase.Post => ("post", binding.Post),
                HttpRule.PatternOneofCase.Put => ("put", binding.Put),
                HttpRule.PatternOneofCase.Delete => ("delete", binding.Delete),
                HttpRule.PatternOneofCase.Patch => ("patch", binding.Patch),
                _ => throw new InvalidOperationException($"{method.FullName} has an HTTP annotation of a kind that is not described."),
            };
            var path = Variable().Replace(pattern, "{${name}}");
            var operations = paths[path] as JsonObject ?? [];
            operations[verb] = Operation(method, binding, pattern, number++);
            paths[path] = operations;
        }
    }

    private JsonObject Operation(MethodDescriptor method, HttpRule binding, string pattern, int number)
    {
        var inPath = Variable().Matches(pattern).Select(match => match.Groups["name"].Value).ToArray();
        var parameters = new JsonArray();
        foreach (var name in inPath)
        {
            parameters.Add((JsonNode)Parameter(method.InputType.FindFieldByName(name), name, "path"));
        }

        var operation = new JsonObject
        {
            ["operationId"] = $"{method.Service.Name}_{method.Name}{(number == 0 ? string.Empty : $"_{number + 1}")}",
            ["tags"] = new JsonArray(method.Service.Name),
            ["summary"] = _comments[$"{method.Service.Name}.{method.Name}"],
            ["parameters"] = parameters,
            ["responses"] = new JsonObject
            {
                ["200"] = Content("The answer.", _schemas.Reference(method.OutputType)),
                ["default"] = Content("What went wrong.", _schemas.ErrorReference()),
            },
        };
        var rest = method.InputType.Fields.InDeclarationOrder().Where(field => !inPath.Contains(field.Name));
        if (binding.Body.Length > 0)
        {
            operation["requestBody"] = new JsonObject
            {
                ["required"] = true,
                ["content"] = new JsonObject { [JsonType] = new JsonObject { ["schema"] = _schemas.Object(method.InputType, rest) } },
            };
        }
        else
        {
            foreach (var field in rest.Where(field => field.FieldType != FieldType.Message))
            {
                parameters.Add((JsonNode)Parameter(field, field.JsonName, "query"));
            }
        }

        return operation;
    }

    private JsonObject Parameter(FieldDescriptor field, string name, string place) => new()
    {
        ["name"] = name,
        ["in"] = place,
        ["required"] = place == "path",
        ["description"] = _comments[$"{field.ContainingType.Name}.{field.Name}"],
        ["schema"] = _schemas.Of(field),
    };

    private static JsonObject Content(string description, JsonObject schema) => new()
    {
        ["description"] = description,
        ["content"] = new JsonObject { [JsonType] = new JsonObject { ["schema"] = schema } },
    };

    // {department} or {path=**}
    [GeneratedRegex(@"\{(?<name>\w+)(=[^}]*)?\}", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, 1_000)]
    private static partial Regex Variable();
}
