using Microsoft.Extensions.Options;

namespace Monitoring.Storage.PostgreSql;

/// <summary>Refuses a connection string that Npgsql does not understand.</summary>
internal sealed class ConnectionStringRule : IValidateOptions<StorageOptions>
{
    public ValidateOptionsResult Validate(string? name, StorageOptions options) =>
        ConnectionStrings.FindMistake("Storage:ConnectionString", options.ConnectionString) is { } mistake
            ? ValidateOptionsResult.Fail(mistake)
            : ValidateOptionsResult.Success;
}
