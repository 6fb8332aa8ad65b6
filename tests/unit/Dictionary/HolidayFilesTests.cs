using Microsoft.Extensions.Options;

namespace Monitoring.Dictionary;

public sealed class HolidayFilesTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("monitoring-holidays-");

    [Fact]
    public void Read_TablesOfUsers_TakesThemAll()
    {
        Write("x.yaml", "id: x\nname: X\ndays:\n  - { name: A, from: 2026-02-17 }\n");
        Write("y.yaml", "id: y\nname: Y\ndays: []\n");
        Write("notes.txt", "not a table");

        var (tables, mistakes) = Read();

        Assert.Empty(mistakes);
        Assert.Equal(["x", "y"], tables.Select(table => table.Id));
    }

    [Fact]
    public void Read_OneIsWrong_NamesTheFileAndTheLine()
    {
        Write("x.yaml", "id: x\nname: X\ndays:\n  - { name: A, from: 2026-02-17, to: 2026-02-16 }\n");

        var mistake = Assert.Single(Read().Mistakes);

        Assert.Equal(("x.yaml", 4, "days[0].to"), (mistake.File, mistake.Line, mistake.Field));
        Assert.Empty(Read().Tables);
    }

    [Theory]
    [InlineData("hello", "must have fields (id, name, days), but is the single value 'hello'")]
    [InlineData("", "the file is empty")]
    public void Read_NoTableAtAll_SaysSoOnce(string text, string fragment)
    {
        Write("x.yaml", text);

        Assert.Contains(fragment, Assert.Single(Read().Mistakes).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_TwoFilesOfOneId_RefusesTheSecond()
    {
        Write("cn.yaml", "id: cn\nname: X\ndays: []\n");
        Write("copy.yaml", "id: cn\nname: X\ndays: []\n");

        var mistake = Assert.Single(Read().Mistakes);

        Assert.Equal(("copy.yaml", "id"), (mistake.File, mistake.Field));
        Assert.Contains("'cn' is taken already", mistake.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_NoFolder_HasNoTables()
    {
        _folder.Delete();

        Assert.Empty(Read().Tables);
    }

    public void Dispose()
    {
        if (_folder.Exists)
        {
            _folder.Delete(recursive: true);
        }
    }

    private void Write(string name, string text) => File.WriteAllText(Path.Combine(_folder.FullName, name), text);

    private HolidayTables Read() =>
        new HolidayFiles(Options.Create(new DictionaryOptions { HolidayFolder = _folder.FullName })).Read();
}
