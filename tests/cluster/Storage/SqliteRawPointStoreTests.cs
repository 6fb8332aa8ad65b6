namespace Monitoring.ClusterTests.Storage;

public sealed class SqliteRawPointStoreTests() : RawPointStoreTests(new SqliteFolder());
