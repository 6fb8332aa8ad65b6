using System.Collections;
using Monitoring.Protocol.V1;

namespace Monitoring.Gateway.Demo;

/// <summary>Turns batches of flights into points, with handles for one stream. Not for concurrent use.</summary>
internal sealed class FlightPoints(FlightData flights)
{
    private const int LongDelayMinutes = 30;
    private const int OnTimeMinutes = 15;

    private static readonly string[] _indicators =
        ["flights.count", "flights.delay", "flights.on_time_share", "flights.distance", "flights.long_delays"];

    private readonly BitArray _bound = new(flights.Airports.Count * _indicators.Length);

    /// <summary>Codes of the indicators that the flights are measured by.</summary>
    public static IReadOnlyList<string> Indicators => _indicators;

    /// <summary>The batch with a sequence; names go along with a handle's first use only.</summary>
    public Batch Create(long sequence, DemoSlot slot)
    {
        var batch = new Batch { Sequence = (ulong)sequence };
        var time = slot.Time.ToUnixTimeMilliseconds();
        foreach (var flight in flights.Batch((int)(slot.Index % flights.BatchCount(slot.Days))))
        {
            Add(0, 1);
            Add(1, flight.DelayMinutes);
            Add(2, flight.DelayMinutes <= OnTimeMinutes ? 100 : 0);
            Add(3, flight.DistanceMiles);
            if (flight.DelayMinutes > LongDelayMinutes)
            {
                Add(4, 1);
            }

            void Add(int indicator, double value)
            {
                var slotOfNode = (flight.Airport * _indicators.Length) + indicator;
                var point = new Point { Handle = (uint)slotOfNode + 1, TimeUnixMs = time, Value = value };
                if (!_bound[slotOfNode])
                {
                    _bound[slotOfNode] = true;
                    point.Indicator = _indicators[indicator];
                    point.Path = flights.Airports[flight.Airport];
                }

                batch.Points.Add(point);
            }
        }

        return batch;
    }
}
