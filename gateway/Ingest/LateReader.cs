using Monitoring.Gateway.Hosting;
using Monitoring.Gateway.Indicators;
using Monitoring.LatePoints;
using Monitoring.Partitions;
using Wire = Monitoring.Protocol.V1;

namespace Monitoring.Gateway.Ingest;

/// <summary>Lists late points over all partitions, and has them put into their buckets. Thread-safe.</summary>
internal sealed class LateReader(IGrainFactory grains, PartitionMap partitions)
{
    private const int DefaultPageSize = 1_000;
    private const int MaxPoints = 10_000;

    public async Task<Wire.ListLateResponse> ListAsync(Wire.ListLateRequest request, CancellationToken cancellationToken)
    {
        if (request.PageSize > MaxPoints)
        {
            throw RpcErrors.Invalid($"page_size is {request.PageSize}, at most {MaxPoints} are allowed");
        }

        NodeFilterRules.Check(request.Indicator, request.PathPrefix);
        var after = new LateId(0, 0, -1);
        if (request.PageToken.Length > 0 && !(LateId.TryParse(request.PageToken, out after) && after.Partition <= partitions.Count))
        {
            throw RpcErrors.Invalid("page_token is malformed; expected the next_page_token of the previous response");
        }

        var selection = new LateSelection
        {
            Code = request.Indicator,
            PathPrefix = request.PathPrefix,
            ReceivedFrom = request.SinceUnixMs,
            IncludeReinjected = request.IncludeReinjected,
            Limit = request.PageSize == 0 ? DefaultPageSize : (int)request.PageSize,
        };
        var (points, next) = await ReadAsync(selection, after, cancellationToken);
        var response = new Wire.ListLateResponse { NextPageToken = next?.ToString() ?? string.Empty };
        response.Points.AddRange(points.Select(LateMapping.ToWire));
        return response;
    }

    public async Task<Wire.ReinjectLateResponse> ReinjectAsync(Wire.ReinjectLateRequest request, CancellationToken cancellationToken)
    {
        if (request.Ids.Count > 0 == request.Selection is not null)
        {
            throw RpcErrors.Invalid("set either ids or selection");
        }

        if (request.Ids.Count > MaxPoints)
        {
            throw RpcErrors.Invalid($"{request.Ids.Count} ids were given, at most {MaxPoints} are allowed in one call");
        }

        var response = new Wire.ReinjectLateResponse();
        IReadOnlyList<string> ids = request.Ids;
        if (request.Selection is { } selection)
        {
            (ids, response.More) = await FindAsync(selection, cancellationToken);
        }

        response.Results.AddRange(await ReinjectAsync(ids, cancellationToken));
        return response;
    }

    private async Task<(IReadOnlyList<string> Ids, bool More)> FindAsync(Wire.LateSelection wanted, CancellationToken cancellationToken)
    {
        if (wanted.Indicator.Length == 0)
        {
            throw RpcErrors.Invalid("selection.indicator is empty; name the indicator whose points are to be put into their buckets");
        }

        NodeFilterRules.Check(wanted.Indicator, wanted.PathPrefix, "selection.");
        var ids = new List<string>();
        LateId? next = new LateId(0, 0, -1);
        while (next is { } after && ids.Count < MaxPoints)
        {
            var selection = new LateSelection
            {
                Code = wanted.Indicator,
                PathPrefix = wanted.PathPrefix,
                ReceivedFrom = wanted.SinceUnixMs,
                Limit = MaxPoints - ids.Count,
            };
            (var points, next) = await ReadAsync(selection, after, cancellationToken);
            ids.AddRange(points.Select(point => point.Id.ToString()));
        }

        return (ids, next is not null);
    }

    /// <summary>At most so many points as the selection says, and where to go on; a page ends within a partition or behind it.</summary>
    private async Task<(List<LatePoint> Points, LateId? Next)> ReadAsync(
        LateSelection selection, LateId after, CancellationToken cancellationToken)
    {
        var points = new List<LatePoint>();
        for (var number = after.Partition; number < partitions.Count; number++)
        {
            var page = await Partition(number).ListLateAsync(
                selection with
                {
                    After = number == after.Partition ? after : new LateId(number, 0, -1),
                    Limit = selection.Limit - points.Count,
                },
                cancellationToken);
            points.AddRange(page.Points);
            if (page.Next is not null)
            {
                return (points, page.Next);
            }

            if (points.Count == selection.Limit && number + 1 < partitions.Count)
            {
                return (points, new LateId(number + 1, 0, 0));
            }
        }

        return (points, null);
    }

    private async Task<IEnumerable<Wire.ReinjectLateResult>> ReinjectAsync(IReadOnlyList<string> texts, CancellationToken cancellationToken)
    {
        var results = new Wire.ReinjectLateResult[texts.Count];
        var byPartition = new Dictionary<int, List<(int Position, LateId Id)>>();
        for (var position = 0; position < texts.Count; position++)
        {
            if (LateId.TryParse(texts[position], out var id) && id.Partition < partitions.Count)
            {
                if (!byPartition.TryGetValue(id.Partition, out var asked))
                {
                    byPartition.Add(id.Partition, asked = []);
                }

                asked.Add((position, id));
            }
            else
            {
                results[position] = LateMapping.ToWire(texts[position], ReinjectStatus.Unknown);
            }
        }

        foreach (var (number, asked) in byPartition)
        {
            var answers = await Partition(number).ReinjectLateAsync([.. asked.Select(one => one.Id)], cancellationToken);
            for (var index = 0; index < asked.Count; index++)
            {
                results[asked[index].Position] = LateMapping.ToWire(texts[asked[index].Position], answers[index]);
            }
        }

        return results;
    }

    private IPartitionGrain Partition(int number) => grains.GetGrain<IPartitionGrain>(number);
}
