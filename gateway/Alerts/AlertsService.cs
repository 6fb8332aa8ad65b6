using System.Collections.Immutable;
using System.Globalization;
using Grpc.Core;
using Monitoring.Departments;
using Monitoring.Gateway.Hosting;
using Monitoring.Gateway.Indicators;
using Wire = Monitoring.Protocol.V1;

namespace Monitoring.Gateway.Alerts;

/// <summary>The gRPC and REST face of alerts.</summary>
internal sealed class AlertsService(AlertFeeds feeds, IGrainFactory grains, IHostApplicationLifetime lifetime) : Wire.Alerts.AlertsBase
{
    private const int DefaultPageSize = 100;
    private const int MaxPageSize = 1_000;
    private const int MaxAlertIdLength = 100;
    private const int MaxPersonLength = 100;
    private const int MaxCommentLength = 1_000;

    public override async Task Watch(
        Wire.WatchAlertsRequest request, IServerStreamWriter<Wire.WatchAlertsResponse> responseStream, ServerCallContext context)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken, lifetime.ApplicationStopping);
        var watch = new AlertWatch([.. request.Departments], AlertMapping.ToLevels(request.Levels), AlertMapping.ToStart(request));
        await CheckDepartmentsAsync(watch.Departments, ending.Token);
        await foreach (var item in feeds.WatchAsync(watch, ending.Token))
        {
            await responseStream.WriteAsync(AlertMapping.ToWire(item), ending.Token);
        }
    }

    public override async Task<Wire.ListAlertsResponse> List(Wire.ListAlertsRequest request, ServerCallContext context)
    {
        var filter = ToFilter(request);
        await CheckDepartmentsAsync([request.Department], context.CancellationToken);
        var page = await grains.GetGrain<IDepartmentGrain>(request.Department).ListAsync(filter, context.CancellationToken);
        var response = new Wire.ListAlertsResponse
        {
            NextPageToken = page.NextBeforeCursor == 0 ? string.Empty : page.NextBeforeCursor.ToString(CultureInfo.InvariantCulture),
        };
        foreach (var alert in page.Alerts)
        {
            response.Alerts.Add(AlertMapping.ToWire(alert));
        }

        return response;
    }

    public override async Task<Wire.AcknowledgeAlertResponse> Acknowledge(Wire.AcknowledgeAlertRequest request, ServerCallContext context)
    {
        var command = ToCommand(request);
        await CheckDepartmentsAsync([request.Department], context.CancellationToken);
        var result = await grains.GetGrain<IDepartmentGrain>(request.Department).AcknowledgeAsync(command, context.CancellationToken);
        return result.Status switch
        {
            AcknowledgeStatus.Acknowledged when result.Alert is not null => new() { Alert = AlertMapping.ToWire(result.Alert) },
            AcknowledgeStatus.AlreadyResolved => throw new RpcException(new Status(
                StatusCode.FailedPrecondition, $"alert '{request.AlertId}' is resolved; there is nothing to take in hand")),
            _ => throw RpcErrors.NotFound($"department '{request.Department}' has no alert '{request.AlertId}'"),
        };
    }

    private static AlertFilter ToFilter(Wire.ListAlertsRequest request)
    {
        if (request.PageSize > MaxPageSize)
        {
            throw RpcErrors.Invalid($"page_size is {request.PageSize}, at most {MaxPageSize} are allowed");
        }

        var before = 0L;
        if (request.PageToken.Length > 0
            && !(long.TryParse(request.PageToken, NumberStyles.None, CultureInfo.InvariantCulture, out before) && before > 0))
        {
            throw RpcErrors.Invalid("page_token is malformed; expected the next_page_token of the previous response");
        }

        NodeFilterRules.Check(request.Indicator, request.PathPrefix);
        return new AlertFilter
        {
            IncludeResolved = request.IncludeResolved,
            Levels = AlertMapping.ToLevels(request.Levels),
            Code = request.Indicator,
            PathPrefix = request.PathPrefix,
            Limit = request.PageSize == 0 ? DefaultPageSize : (int)request.PageSize,
            BeforeCursor = before,
        };
    }

    private static AcknowledgeCommand ToCommand(Wire.AcknowledgeAlertRequest request)
    {
        if (request.Person.Length is 0 or > MaxPersonLength)
        {
            throw RpcErrors.Invalid($"person has {request.Person.Length} characters, expected 1 to {MaxPersonLength}");
        }

        if (request.Comment.Length > MaxCommentLength)
        {
            throw RpcErrors.Invalid($"comment has {request.Comment.Length} characters, at most {MaxCommentLength} are allowed");
        }

        if (request.AlertId.Length is 0 or > MaxAlertIdLength)
        {
            throw RpcErrors.Invalid(
                $"alert_id has {request.AlertId.Length} characters, expected the id of an alert, 1 to {MaxAlertIdLength}");
        }

        foreach (var (field, text) in new[] { ("alert_id", request.AlertId), ("person", request.Person), ("comment", request.Comment) })
        {
            if (text.IndexOf('\0', StringComparison.Ordinal) is var place and >= 0)
            {
                throw RpcErrors.Invalid($"{field} holds the character U+0000 at position {place + 1}, which is no text; leave it out");
            }
        }

        return new AcknowledgeCommand { AlertId = request.AlertId, Person = request.Person, Comment = request.Comment };
    }

    private async ValueTask CheckDepartmentsAsync(ImmutableArray<string> departments, CancellationToken cancellationToken)
    {
        if (await feeds.FindUnknownAsync(departments, cancellationToken) is { } unknown)
        {
            throw RpcErrors.NotFound($"no department '{unknown}' is in the dictionary");
        }
    }
}
