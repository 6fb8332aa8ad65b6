using System.Diagnostics;

namespace Monitoring.Partitions;

/// <summary>What waits of one source, in order, and what the source may still take in its turn.</summary>
internal sealed class FairLane<T>
    where T : class
{
    private const int SpareCapacity = 64;
    private (T Item, int Weight)[] _items = new (T, int)[4];
    private int _first;
    private int _count;
    private int _credit;

    /// <summary>Name of the source.</summary>
    public string Source { get; set; } = string.Empty;

    /// <summary>Weight that waits.</summary>
    public int Weight { get; private set; }

    /// <summary>True while it is this source's turn.</summary>
    public bool HasTurn { get; set; }

    public bool IsEmpty => _count == 0;

    /// <summary>The item that came first of those that wait.</summary>
    public T First => _items[_first].Item;

    /// <summary>True when the credit covers the first item.</summary>
    public bool CanPay => _items[_first].Weight <= _credit;

    /// <summary>Gives credit for a turn; what is left of earlier ones remains, so that heavy items become payable.</summary>
    public void BeginTurn(int credit)
    {
        HasTurn = true;
        _credit += credit;
    }

    public void Add(T item, int weight)
    {
        if (_count == _items.Length)
        {
            var grown = new (T, int)[_count * 2];
            for (var index = 0; index < _count; index++)
            {
                grown[index] = _items[(_first + index) % _count];
            }

            (_items, _first) = (grown, 0);
        }

        _items[(_first + _count++) % _items.Length] = (item, weight);
        Weight += weight;
    }

    /// <summary>Takes the first item and pays for it, as far as there is credit: who is alone need not wait for more.</summary>
    public (T Item, int Weight) Take()
    {
        var taken = _items[_first];
        _items[_first] = default;
        _first = (_first + 1) % _items.Length;
        _count--;
        Weight -= taken.Weight;
        _credit = Math.Max(0, _credit - taken.Weight);
        return taken;
    }

    /// <summary>Takes the last item back.</summary>
    public (T Item, int Weight) TakeLast()
    {
        var last = (_first + --_count) % _items.Length;
        var taken = _items[last];
        _items[last] = default;
        Weight -= taken.Weight;
        return taken;
    }

    /// <summary>Makes an empty lane ready for another source.</summary>
    public void Reset()
    {
        Debug.Assert(IsEmpty, "Something still waits.");
        if (_items.Length > SpareCapacity)
        {
            _items = new (T, int)[SpareCapacity];
        }

        (Source, _first, _credit, HasTurn) = (string.Empty, 0, 0, false);
    }
}
