namespace Monitoring.Dictionary;

public sealed class DocumentationTests
{
    [Fact]
    public void Example_OfTheDocumentation_IsValid()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "Monitoring.sln")))
        {
            folder = folder.Parent;
        }

        var text = File.ReadAllText(Path.Combine(folder.FullName, "docs", "dictionary.md"));
        var begin = text.IndexOf("```yaml\n", StringComparison.Ordinal) + "```yaml\n".Length;
        var content = DictionaryFile.ReadValid(text[begin..text.IndexOf("```\n", begin, StringComparison.Ordinal)]);

        Assert.Equal((2, 1), (content.Departments.Length, content.Indicators.Length));
    }
}
