using System.Reflection;
using Monitoring.Hosting;
using Monitoring.Partitions;

namespace Monitoring.Gateway.Hosting;

public sealed class DocumentationTests
{
    [Fact]
    public void Configuration_EveryOption_IsListed()
    {
        var listed = File.ReadAllText(Path.Combine(RepositoryRoot(), "docs", "configuration.md"));
        Assembly[] assemblies = [typeof(GatewayOptions).Assembly, typeof(EmbeddedSilo).Assembly, typeof(PartitionOptions).Assembly];

        var missing =
            from type in assemblies.SelectMany(assembly => assembly.GetTypes())
            let section = type.GetField("SectionName")?.GetRawConstantValue()
            where section is not null
            from option in type.GetProperties().Where(property => property.CanWrite)
            let key = $"`{section}:{option.Name}`"
            where !listed.Contains(key, StringComparison.Ordinal)
            select key;

        Assert.Empty(missing);
    }

    private static string RepositoryRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Monitoring.sln")))
        {
            folder = folder.Parent!;
        }

        return folder.FullName;
    }
}
