namespace Monitoring.ClusterTests.Storage;

public sealed class PostgreSqlGrainStateTests() : GrainStateTests(new PostgreSqlStorage());
