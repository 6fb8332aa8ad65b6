namespace Monitoring.Gateway.Demo;

internal sealed partial class DemoService
{
    [LoggerMessage(Level = LogLevel.Error, Message = "Demo dictionary is wrong: {File}:{Line} {Field}: {Detail}")]
    private partial void LogMistake(string file, uint line, string field, string detail);

    [LoggerMessage(Level = LogLevel.Error, Message = "Demo did not start: dictionary version {Version} is in force and lacks its indicators. Use an empty data folder")]
    private partial void LogOtherDictionary(ulong version);

    [LoggerMessage(Level = LogLevel.Error, Message = "Demo stopped")]
    private partial void LogFailed(Exception failure);
}
