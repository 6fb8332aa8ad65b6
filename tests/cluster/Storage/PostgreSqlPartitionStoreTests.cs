namespace Monitoring.ClusterTests.Storage;

public sealed class PostgreSqlPartitionStoreTests() : PartitionStoreTests(new PostgreSqlStorage());
