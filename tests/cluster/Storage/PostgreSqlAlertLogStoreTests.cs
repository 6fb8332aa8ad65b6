namespace Monitoring.ClusterTests.Storage;

public sealed class PostgreSqlAlertLogStoreTests() : AlertLogStoreTests(new PostgreSqlStorage());
