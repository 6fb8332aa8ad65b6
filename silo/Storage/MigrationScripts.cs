using System.Globalization;
using System.Reflection;

namespace Monitoring.Storage;

/// <summary>Numbered scripts within the program that make or change a schema, one folder per dialect and part.</summary>
internal static class MigrationScripts
{
    /// <summary>The scripts of a folder in their order: the first makes schema 1, the next schema 2.</summary>
    public static IReadOnlyList<string> Of(string dialect, string part)
    {
        var assembly = typeof(MigrationScripts).Assembly;
        return
        [
            .. assembly.GetManifestResourceNames()
                .Where(name => name.Contains(string.Create(CultureInfo.InvariantCulture, $".{dialect}.{part}."), StringComparison.Ordinal))
                .Order(StringComparer.Ordinal)
                .Select(name => Read(assembly, name)),
        ];
    }

    private static string Read(Assembly assembly, string name)
    {
        using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
        return reader.ReadToEnd();
    }
}
