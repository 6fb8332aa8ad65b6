namespace Monitoring.ClusterTests.Storage;

public sealed class SqliteGrainStateTests() : GrainStateTests(new SqliteFolder());
