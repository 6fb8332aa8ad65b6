using System.Collections.Immutable;
using System.Globalization;
using Monitoring.Gateway.Hosting;
using Monitoring.Indicators;
using Monitoring.RawPoints;
using Wire = Monitoring.Protocol.V1;

namespace Monitoring.Gateway.Ingest;

/// <summary>Corrections on record, to and from the wire.</summary>
internal static class CorrectionMapping
{
    private const int DefaultPageSize = 100;
    private const int MaxPageSize = 1_000;

    public static CorrectionQuery ToQuery(Wire.ListCorrectionsRequest request)
    {
        if (request.PageSize > MaxPageSize)
        {
            throw RpcErrors.Invalid($"page_size is {request.PageSize}, at most {MaxPageSize} is possible");
        }

        var (entry, position) = ParseToken(request.PageToken);
        return new CorrectionQuery
        {
            Key = new NodeKey(request.Indicator, request.Path),
            Since = request.SinceUnixMs,
            AfterEntry = entry,
            AfterPosition = position,
            Limit = request.PageSize == 0 ? DefaultPageSize : (int)request.PageSize,
        };
    }

    public static Wire.ListCorrectionsResponse ToWire(ImmutableArray<Correction> corrections, CorrectionQuery query)
    {
        var response = new Wire.ListCorrectionsResponse();
        response.Corrections.AddRange(corrections.Select(ToWire));
        if (corrections.Length == query.Limit)
        {
            response.NextPageToken = string.Create(CultureInfo.InvariantCulture, $"{corrections[^1].Entry}-{corrections[^1].Position}");
        }

        return response;
    }

    private static Wire.Correction ToWire(Correction correction)
    {
        var wire = new Wire.Correction
        {
            Indicator = correction.Key.Code,
            Path = correction.Key.Path,
            TimeUnixMs = correction.Time,
            OldCount = (uint)correction.OldCount,
            NewValue = correction.Value,
            Source = correction.Source,
            RecordedUnixMs = correction.RecordedAt,
            DictionaryVersion = (ulong)correction.DictionaryVersion,
        };
        wire.OldValues.AddRange(correction.OldValues);
        return wire;
    }

    private static (long Entry, int Position) ParseToken(string token)
    {
        if (token.Length == 0)
        {
            return (0, -1);
        }

        var parts = token.Split('-');
        return parts.Length == 2
            && long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var entry)
            && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var position)
                ? (entry, position)
                : throw RpcErrors.Invalid("page_token is malformed; expected the next_page_token of the previous response");
    }
}
