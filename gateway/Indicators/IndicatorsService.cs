using System.Collections.Immutable;
using Grpc.Core;
using Microsoft.Extensions.Options;
using Monitoring.Dictionary;
using Monitoring.Gateway.Dictionary;
using Monitoring.Gateway.Hosting;
using Monitoring.Indicators;
using Monitoring.Partitions;
using Wire = Monitoring.Protocol.V1;

namespace Monitoring.Gateway.Indicators;

/// <summary>The gRPC and REST face of indicators.</summary>
internal sealed class IndicatorsService(
    NodeReader reader,
    PeriodComparer comparer,
    LiveNodes live,
    DictionaryCache dictionary,
    IOptions<IndicatorQueryOptions> options,
    TimeProvider clock,
    IHostApplicationLifetime lifetime) : Wire.Indicators.IndicatorsBase
{
    private const int DefaultPageSize = 1_000;
    private const int MaxPageSize = 10_000;
    private const int DefaultBuckets = 1_000;
    private const int MaxBuckets = 10_000;
    private const int DefaultSpanBuckets = 100;
    private const int MaxBases = 10;
    private const int MaxPeriodsBack = 400;

    public override async Task<Wire.GetIndicatorResponse> Get(Wire.GetIndicatorRequest request, ServerCallContext context)
    {
        var definition = await DefinitionAsync(request.Indicator, request.Path, "path", context.CancellationToken);
        var reading = await reader.GetAsync(new NodeKey(request.Indicator, request.Path), context.CancellationToken);
        if (reading is null)
        {
            throw RpcErrors.NotFound($"node '{new NodeKey(request.Indicator, request.Path)}' has never received a point");
        }

        var response = new Wire.GetIndicatorResponse { Node = IndicatorMapping.ToWire(reading, definition) };
        if (request.Compare)
        {
            var comparisons = await comparer.CompareAsync(reading, definition, PeriodsBack(request), context.CancellationToken);
            response.Comparisons.AddRange(comparisons.Select(IndicatorMapping.ToWire));
        }

        return response;
    }

    public override async Task<Wire.ListIndicatorsResponse> List(Wire.ListIndicatorsRequest request, ServerCallContext context)
    {
        var definition = await DefinitionAsync(request.Indicator, request.PathPrefix, "path_prefix", context.CancellationToken);
        var pageSize = Limit(request.PageSize, DefaultPageSize, MaxPageSize, "page_size");
        var behind = NodePageToken.Parse(request.PageToken);

        // One more than asked for tells whether there is a next page.
        var selection = ToSelection(request) with { After = behind, Limit = pageSize + 1 };
        var keys = await reader.ListKeysAsync(selection, context.CancellationToken);
        var page = keys.Length <= pageSize ? keys : keys[..pageSize];
        var response = new Wire.ListIndicatorsResponse
        {
            NextPageToken = keys.Length <= pageSize ? string.Empty : NodePageToken.Behind(page[^1].Path),
        };
        foreach (var reading in await reader.ReadAsync(page, context.CancellationToken))
        {
            response.Nodes.Add(IndicatorMapping.ToWire(reading, definition));
        }

        return response;
    }

    public override async Task<Wire.HistoryResponse> History(Wire.HistoryRequest request, ServerCallContext context)
    {
        var definition = await DefinitionAsync(request.Indicator, request.Path, "path", context.CancellationToken);
        var history = await reader.GetHistoryAsync(ToHistoryRequest(request, definition), context.CancellationToken);
        var response = new Wire.HistoryResponse { ResolutionMs = history.ResolutionMs };
        foreach (var bucket in history.Buckets)
        {
            response.Buckets.Add(IndicatorMapping.ToWire(bucket, history.ResolutionMs, definition.Statistic));
        }

        return response;
    }

    public override async Task Watch(
        Wire.WatchIndicatorsRequest request, IServerStreamWriter<Wire.WatchIndicatorsResponse> responseStream, ServerCallContext context)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken, lifetime.ApplicationStopping);
        var interval = Interval(request.IntervalMs);
        var selections = ImmutableArray.CreateBuilder<NodeSelection>(request.Selectors.Count);
        foreach (var selector in request.Selectors)
        {
            await DefinitionAsync(selector.Indicator, selector.PathPrefix, "path_prefix", ending.Token);
            selections.Add(ToSelection(selector));
        }

        await foreach (var update in live.WatchAsync(selections.ToImmutable(), interval, ending.Token))
        {
            var response = new Wire.WatchIndicatorsResponse { SnapshotComplete = update.SnapshotComplete };
            foreach (var reading in update.Nodes)
            {
                response.Nodes.Add(IndicatorMapping.ToWire(reading, dictionary.Current.Find(reading.Key.Code)));
            }

            await responseStream.WriteAsync(response, ending.Token);
        }
    }

    private static List<int> PeriodsBack(Wire.GetIndicatorRequest request)
    {
        if (request.PeriodsBack.Count > MaxBases)
        {
            throw RpcErrors.Invalid($"periods_back has {request.PeriodsBack.Count} items, at most {MaxBases} are allowed");
        }

        foreach (var periods in request.PeriodsBack)
        {
            if (periods is < 2 or > MaxPeriodsBack)
            {
                throw RpcErrors.Invalid($"periods_back is {periods}, expected 2 to {MaxPeriodsBack}; the period before is told anyway");
            }
        }

        return [.. request.PeriodsBack.Select(periods => (int)periods)];
    }

    private static NodeSelection ToSelection(Wire.ListIndicatorsRequest request)
    {
        var depth = NodeKey.DepthOf(request.PathPrefix);
        return new NodeSelection
        {
            Code = request.Indicator,
            PathPrefix = request.PathPrefix,
            MinDepth = request.Depth == 0 ? depth : depth + (int)Math.Min(request.Depth, NodeKey.MaxDepth + 1),
            MaxDepth = request.Depth == 0 ? NodeKey.MaxDepth : depth + (int)Math.Min(request.Depth, NodeKey.MaxDepth + 1),
        };
    }

    private static NodeSelection ToSelection(Wire.NodeSelector selector)
    {
        var depth = NodeKey.DepthOf(selector.PathPrefix);
        return new NodeSelection
        {
            Code = selector.Indicator,
            PathPrefix = selector.PathPrefix,
            MinDepth = depth,
            MaxDepth = depth + (int)Math.Min(selector.Levels, NodeKey.MaxDepth),
        };
    }

    private static int Limit(uint wanted, int ifNone, int limit, string field) =>
        wanted <= limit
            ? (wanted == 0 ? ifNone : (int)wanted)
            : throw RpcErrors.Invalid($"{field} is {wanted}, at most {limit} are allowed");

    private NodeHistoryRequest ToHistoryRequest(Wire.HistoryRequest request, IndicatorDefinition definition)
    {
        if (!Enum.IsDefined(request.Period))
        {
            throw RpcErrors.Invalid($"period is {(int)request.Period}, expected 0 (none) to {(int)Wire.CalendarPeriod.Life}");
        }

        if (request.Period != Wire.CalendarPeriod.Unspecified && (request.ResolutionMs != 0 || request.Total))
        {
            throw RpcErrors.Invalid("period is set together with resolution_ms or total; expected one of them");
        }

        if (request.ResolutionMs is < 0 or > UnixTime.Latest)
        {
            throw RpcErrors.Invalid(
                $"resolution_ms is {request.ResolutionMs}, expected a multiple of the indicator's resolution "
                + $"up to {UnixTime.Latest}, or 0");
        }

        var (start, end) = (request.StartUnixMs, request.EndUnixMs);
        if (start == 0 && end == 0 && request.Period != Wire.CalendarPeriod.Unspecified)
        {
            end = UnixTime.Latest;
        }
        else if (start == 0 && end == 0)
        {
            var width = request.ResolutionMs > 0 ? request.ResolutionMs : (long)definition.Resolution.TotalMilliseconds;
            var now = clock.GetUtcNow().ToUnixTimeMilliseconds();
            end = now - (now % width) + width;
            start = Math.Max(0, end - (DefaultSpanBuckets * width));
        }

        return new NodeHistoryRequest(
            new NodeKey(request.Indicator, request.Path),
            start,
            end,
            request.ResolutionMs,
            Limit(request.MaxBuckets, DefaultBuckets, MaxBuckets, "max_buckets"),
            request.Total)
        {
            Period = CalendarMapping.ToDomain(request.Period),
            IsNewest = request.StartUnixMs == 0 && request.EndUnixMs == 0,
        };
    }

    private TimeSpan Interval(uint milliseconds)
    {
        var interval = milliseconds == 0 ? options.Value.DefaultInterval : TimeSpan.FromMilliseconds(milliseconds);
        return interval >= options.Value.MinInterval
            ? interval
            : throw RpcErrors.Invalid($"interval_ms is {milliseconds}, at least {options.Value.MinInterval.TotalMilliseconds} are allowed");
    }

    private async ValueTask<IndicatorDefinition> DefinitionAsync(
        string code, string path, string field, CancellationToken cancellationToken)
    {
        var definition = dictionary.Current.Find(code) ?? (await dictionary.GetFreshAsync(cancellationToken)).Find(code);
        if (definition is null)
        {
            throw RpcErrors.NotFound($"no indicator '{code}' is in the dictionary");
        }

        // A mistake begins with the word path, and the name of the field says more.
        return NodeKey.PathMistake(path, definition.Breakdown.Length) is { } mistake
            ? throw RpcErrors.Invalid(
                $"{field}{mistake["path".Length..]}; the breakdown of '{code}' is '{string.Join('/', definition.Breakdown)}'")
            : definition;
    }
}
