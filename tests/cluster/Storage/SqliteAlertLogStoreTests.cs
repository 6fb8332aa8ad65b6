namespace Monitoring.ClusterTests.Storage;

public sealed class SqliteAlertLogStoreTests() : AlertLogStoreTests(new SqliteFolder());
