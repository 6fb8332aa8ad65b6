-- Where silos find each other and gateways find silos. The provider of Microsoft.Orleans.Clustering.AdoNet looks its statements up in
-- OrleansQuery; keys, parameters and result columns are its own.

-- Every change of a cluster's members counts this up: a change is made only by whoever has seen the one before it.
CREATE TABLE cluster_version
(
    cluster_id text    COLLATE "C" NOT NULL PRIMARY KEY,
    version    integer NOT NULL
);

CREATE TABLE cluster_silos
(
    cluster_id    text        COLLATE "C" NOT NULL REFERENCES cluster_version,
    address       text        COLLATE "C" NOT NULL,
    port          integer     NOT NULL,
    generation    integer     NOT NULL, -- tells a silo from earlier ones at the same address
    name          text        NOT NULL,
    host_name     text        NOT NULL,
    status        integer     NOT NULL, -- 1 created, 2 joining, 3 active, 4 shutting down, 5 stopping, 6 dead
    gateway_port  integer     NOT NULL, -- 0 when it takes no clients
    started_at    timestamptz NOT NULL,
    alive_at      timestamptz NOT NULL,
    suspect_times text,
    PRIMARY KEY (cluster_id, address, port, generation)
);

INSERT INTO OrleansQuery (QueryKey, QueryText) VALUES ('InsertMembershipVersionKey', '
WITH created AS
(
    INSERT INTO cluster_version (cluster_id, version) VALUES (@DeploymentId, 0) ON CONFLICT DO NOTHING RETURNING 1
)
SELECT EXISTS (SELECT 1 FROM created)
');

-- A writer that has to wait for another one's change of the version sees the version that the other one left, and then changes nothing.
INSERT INTO OrleansQuery (QueryKey, QueryText) VALUES ('InsertMembershipKey', '
WITH seen AS
(
    UPDATE cluster_version SET version = version + 1
    WHERE cluster_id = @DeploymentId AND version = @Version AND NOT EXISTS
    (
        SELECT 1 FROM cluster_silos
        WHERE cluster_id = @DeploymentId AND address = @Address AND port = @Port AND generation = @Generation
    )
    RETURNING cluster_id
),
created AS
(
    INSERT INTO cluster_silos (cluster_id, address, port, generation, name, host_name, status, gateway_port, started_at, alive_at)
    SELECT cluster_id, @Address, @Port, @Generation, @SiloName, @HostName, @Status, @ProxyPort, @StartTime, @IAmAliveTime FROM seen
    RETURNING 1
)
SELECT EXISTS (SELECT 1 FROM created)
');

INSERT INTO OrleansQuery (QueryKey, QueryText) VALUES ('UpdateMembershipKey', '
WITH seen AS
(
    UPDATE cluster_version SET version = version + 1
    WHERE cluster_id = @DeploymentId AND version = @Version AND EXISTS
    (
        SELECT 1 FROM cluster_silos
        WHERE cluster_id = @DeploymentId AND address = @Address AND port = @Port AND generation = @Generation
    )
    RETURNING cluster_id
),
changed AS
(
    UPDATE cluster_silos AS s SET status = @Status, suspect_times = @SuspectTimes, alive_at = @IAmAliveTime
    FROM seen
    WHERE s.cluster_id = seen.cluster_id AND s.address = @Address AND s.port = @Port AND s.generation = @Generation
    RETURNING 1
)
SELECT EXISTS (SELECT 1 FROM changed)
');

INSERT INTO OrleansQuery (QueryKey, QueryText) VALUES ('UpdateIAmAlivetimeKey', '
UPDATE cluster_silos SET alive_at = @IAmAliveTime
WHERE cluster_id = @DeploymentId AND address = @Address AND port = @Port AND generation = @Generation
');

INSERT INTO OrleansQuery (QueryKey, QueryText) VALUES ('MembershipReadRowKey', '
SELECT s.address AS Address, s.port AS Port, s.generation AS Generation, s.name AS SiloName, s.host_name AS HostName, s.status AS Status,
    s.gateway_port AS ProxyPort, s.started_at AS StartTime, s.alive_at AS IAmAliveTime, s.suspect_times AS SuspectTimes, v.version AS Version
FROM cluster_version AS v
LEFT JOIN cluster_silos AS s
    ON s.cluster_id = v.cluster_id AND s.address = @Address AND s.port = @Port AND s.generation = @Generation
WHERE v.cluster_id = @DeploymentId
');

INSERT INTO OrleansQuery (QueryKey, QueryText) VALUES ('MembershipReadAllKey', '
SELECT s.address AS Address, s.port AS Port, s.generation AS Generation, s.name AS SiloName, s.host_name AS HostName, s.status AS Status,
    s.gateway_port AS ProxyPort, s.started_at AS StartTime, s.alive_at AS IAmAliveTime, s.suspect_times AS SuspectTimes, v.version AS Version
FROM cluster_version AS v
LEFT JOIN cluster_silos AS s ON s.cluster_id = v.cluster_id
WHERE v.cluster_id = @DeploymentId
');

INSERT INTO OrleansQuery (QueryKey, QueryText) VALUES ('GatewaysQueryKey', '
SELECT address AS Address, gateway_port AS ProxyPort, generation AS Generation FROM cluster_silos
WHERE cluster_id = @DeploymentId AND status = @Status AND gateway_port > 0
');

INSERT INTO OrleansQuery (QueryKey, QueryText) VALUES ('DeleteMembershipTableEntriesKey', '
DELETE FROM cluster_silos WHERE cluster_id = @DeploymentId;
DELETE FROM cluster_version WHERE cluster_id = @DeploymentId
');

-- Members that left, or never came to be active, and were not heard of since.
INSERT INTO OrleansQuery (QueryKey, QueryText) VALUES ('CleanupDefunctSiloEntriesKey', '
DELETE FROM cluster_silos WHERE cluster_id = @DeploymentId AND alive_at < @IAmAliveTime AND status <> 3
');
