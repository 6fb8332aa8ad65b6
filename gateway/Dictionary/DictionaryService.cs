using Grpc.Core;
using Monitoring.Dictionary;
using Monitoring.Gateway.Hosting;
using Wire = Monitoring.Protocol.V1;

namespace Monitoring.Gateway.Dictionary;

/// <summary>The gRPC and REST face of the dictionary.</summary>
internal sealed class DictionaryService(IGrainFactory grains, DictionaryCache cache) : Wire.Dictionary.DictionaryBase
{
    private const string DefaultFileName = "dictionary.yaml";

    public override async Task<Wire.ApplyDictionaryResponse> Apply(Wire.ApplyDictionaryRequest request, ServerCallContext context)
    {
        var change = ToChange(request);
        var response = new Wire.ApplyDictionaryResponse();
        if (request.FormCase == Wire.ApplyDictionaryRequest.FormOneofCase.Content)
        {
            foreach (var (field, message) in DictionaryMapping.UnsetFields(request.Content))
            {
                response.Mistakes.Add(new Wire.Mistake { File = change.FileName, Field = field, Message = message });
            }

            if (response.Mistakes.Count > 0)
            {
                response.Version = (ulong)(await cache.GetFreshAsync(context.CancellationToken)).Version;
                return response;
            }

            RequireIntent(request.Content, await cache.GetFreshAsync(context.CancellationToken));
        }

        var result = await grains.GetGrain<IDictionaryGrain>(IDictionaryGrain.Key).ApplyAsync(change, context.CancellationToken);
        if (result.Applied)
        {
            // So that who applied through this gateway can send points to it at once.
            await cache.GetFreshAsync(context.CancellationToken);
        }

        response.Version = (ulong)result.Version;
        response.Applied = result.Applied;
        response.Mistakes.AddRange(result.Mistakes.Select(DictionaryMapping.ToWire));
        return response;
    }

    public override async Task<Wire.GetDictionaryResponse> Get(Wire.GetDictionaryRequest request, ServerCallContext context)
    {
        var snapshot = await cache.GetFreshAsync(context.CancellationToken);
        return new Wire.GetDictionaryResponse
        {
            Version = (ulong)snapshot.Version,
            Content = DictionaryMapping.ToWire(snapshot),
            Yaml = snapshot.Yaml,
        };
    }

    public override async Task<Wire.ListDefinitionsResponse> List(Wire.ListDefinitionsRequest request, ServerCallContext context)
    {
        var snapshot = await cache.GetFreshAsync(context.CancellationToken);
        var response = new Wire.ListDefinitionsResponse { Version = (ulong)snapshot.Version };
        response.Indicators.AddRange(snapshot.Indicators
            .Where(definition => definition.Code.StartsWith(request.CodePrefix, StringComparison.Ordinal))
            .OrderBy(definition => definition.Code, StringComparer.Ordinal)
            .Select(DictionaryMapping.ToWire));
        return response;
    }

    /// <summary>Messages cannot tell a list that is meant to be empty from one that was forgotten; a file can.</summary>
    private static void RequireIntent(Wire.DictionaryContent content, DictionarySnapshot inForce)
    {
        const string remedy = "to mean none, send it as yaml, where 'departments: []' and 'indicators: []' say so";
        if (content.Departments.Count == 0 && content.Indicators.Count == 0)
        {
            throw RpcErrors.Invalid($"content has neither departments nor indicators, and a dictionary replaces the one in force as a whole; {remedy}");
        }

        if (content.Indicators.Count == 0 && !inForce.Indicators.IsEmpty)
        {
            throw RpcErrors.Invalid($"content has no indicators, which would remove all {inForce.Indicators.Length} in force; {remedy}");
        }

        if (content.Departments.Count == 0 && !inForce.Departments.IsEmpty)
        {
            throw RpcErrors.Invalid($"content has no departments, which would remove all {inForce.Departments.Length} in force; {remedy}");
        }
    }

    private static DictionaryChange ToChange(Wire.ApplyDictionaryRequest request) => new()
    {
        FileName = request.FileName.Length == 0 ? DefaultFileName : request.FileName,
        Yaml = request.FormCase == Wire.ApplyDictionaryRequest.FormOneofCase.Yaml ? request.Yaml : null,
        Content = request.FormCase switch
        {
            Wire.ApplyDictionaryRequest.FormOneofCase.Content => DictionaryMapping.ToDomain(request.Content),
            Wire.ApplyDictionaryRequest.FormOneofCase.Yaml => null,
            _ => throw RpcErrors.Invalid("neither yaml nor content is set; expected one of them"),
        },
        DryRun = request.DryRun,
    };
}
