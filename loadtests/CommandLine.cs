using System.Globalization;

namespace Monitoring;

/// <summary>A command line that asks for something that does not exist.</summary>
internal sealed class UsageException(string message) : Exception(message);

/// <summary>Reads <c>--name value</c> pairs; a name alone is a switch.</summary>
internal sealed class CommandLine
{
    private readonly Dictionary<string, string> _values = new(StringComparer.Ordinal);

    public CommandLine(ReadOnlySpan<string> arguments, IReadOnlySet<string> switches)
    {
        for (var index = 0; index < arguments.Length; index++)
        {
            var name = arguments[index];
            if (!name.StartsWith("--", StringComparison.Ordinal))
            {
                throw new UsageException($"'{name}' is not an option");
            }

            if (switches.Contains(name))
            {
                _values[name] = "true";
            }
            else if (index + 1 < arguments.Length)
            {
                _values[name] = arguments[++index];
            }
            else
            {
                throw new UsageException($"{name} needs a value");
            }
        }
    }

    /// <summary>Takes a whole number within a range.</summary>
    public int Take(string name, int fallback, int least, int most)
    {
        if (!_values.Remove(name, out var text))
        {
            return fallback;
        }

        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value >= least && value <= most
            ? value
            : throw new UsageException($"{name} is '{text}', expected a whole number from {least} to {most}");
    }

    /// <summary>Takes one of a few words.</summary>
    public string Take(string name, string fallback, params ReadOnlySpan<string> allowed)
    {
        if (!_values.Remove(name, out var text))
        {
            return fallback;
        }

        return allowed.Contains(text) ? text : throw new UsageException($"{name} is '{text}', expected {string.Join(" or ", allowed.ToArray())}");
    }

    /// <summary>Takes any text; empty when it is not given.</summary>
    public string TakeText(string name) => _values.Remove(name, out var text) ? text : string.Empty;

    /// <summary>Takes a switch.</summary>
    public bool Take(string name) => _values.Remove(name);

    /// <summary>Fails when anything was not taken.</summary>
    public void Done()
    {
        foreach (var name in _values.Keys)
        {
            throw new UsageException($"{name} is not an option of this scenario");
        }
    }
}
