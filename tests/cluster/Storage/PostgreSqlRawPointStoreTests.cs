namespace Monitoring.ClusterTests.Storage;

public sealed class PostgreSqlRawPointStoreTests() : RawPointStoreTests(new PostgreSqlStorage());
