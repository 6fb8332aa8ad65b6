using System.Globalization;
using System.Text.Json;

namespace Monitoring.Peers.RemoteWrite;

/// <summary>Asks for single values by the query API of Prometheus, which VictoriaMetrics has too.</summary>
internal sealed class QueryClient(HttpClient http, Uri address)
{
    /// <summary>The value of an expression that has one; 0 when it has none.</summary>
    public async Task<double> ValueAsync(string expression, CancellationToken cancellationToken)
    {
        using var response = await http.GetAsync(new Uri(address, $"api/v1/query?query={Uri.EscapeDataString(expression)}"), cancellationToken);
        var text = await response.Content.ReadAsStringAsync(cancellationToken);
        if (!response.IsSuccessStatusCode)
        {
            throw new InvalidOperationException($"'{expression}' was refused with {(int)response.StatusCode}: {text}");
        }

        // {"status":"success","data":{"resultType":"vector","result":[{"metric":{},"value":[1700000000.123,"42"]}]}}
        using var document = JsonDocument.Parse(text);
        var result = document.RootElement.GetProperty("data").GetProperty("result");
        return result.GetArrayLength() == 0
            ? 0
            : double.Parse(result[0].GetProperty("value")[1].GetString()!, NumberStyles.Float, CultureInfo.InvariantCulture);
    }
}
