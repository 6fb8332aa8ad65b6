-- State of grains that keep definitions. The providers of Microsoft.Orleans.Persistence.AdoNet look their statements up in OrleansQuery;
-- keys, parameters and result columns are theirs.
CREATE TABLE OrleansQuery
(
    QueryKey  text NOT NULL PRIMARY KEY,
    QueryText text NOT NULL
);

CREATE TABLE grain_state
(
    service_id text    COLLATE "C" NOT NULL,
    type_hash  integer NOT NULL,
    type_name  text    COLLATE "C" NOT NULL,
    id_hash    integer NOT NULL,
    id_n0      bigint  NOT NULL,
    id_n1      bigint  NOT NULL,
    id_text    text    COLLATE "C" NOT NULL, -- empty for grains without a text key
    payload    bytea,                        -- null after a clear
    version    integer NOT NULL,
    PRIMARY KEY (service_id, id_hash, type_hash, id_n0, id_n1, id_text, type_name)
) WITH (fillfactor = 50);

-- A write names the version it builds on, null for a new record. The answer is the version now: one greater when the write was made, the
-- one it was called with when somebody else wrote meanwhile. Each is one statement: a writer that had to wait for the row's lock judges
-- the version that the other one left.
INSERT INTO OrleansQuery (QueryKey, QueryText) VALUES ('WriteToStorageKey', '
WITH created AS
(
    INSERT INTO grain_state (service_id, type_hash, type_name, id_hash, id_n0, id_n1, id_text, payload, version)
    SELECT @ServiceId, @GrainTypeHash, @GrainTypeString, @GrainIdHash, @GrainIdN0, @GrainIdN1, coalesce(CAST(@GrainIdExtensionString AS text), ''''),
        CAST(@PayloadBinary AS bytea), 1
    WHERE CAST(@GrainStateVersion AS integer) IS NULL
    ON CONFLICT DO NOTHING
    RETURNING version
),
updated AS
(
    UPDATE grain_state SET payload = CAST(@PayloadBinary AS bytea), version = version + 1
    WHERE service_id = @ServiceId AND id_hash = @GrainIdHash AND type_hash = @GrainTypeHash AND id_n0 = @GrainIdN0 AND id_n1 = @GrainIdN1
        AND id_text = coalesce(CAST(@GrainIdExtensionString AS text), '''') AND type_name = @GrainTypeString AND version = CAST(@GrainStateVersion AS integer)
    RETURNING version
)
SELECT coalesce((SELECT version FROM created), (SELECT version FROM updated), CAST(@GrainStateVersion AS integer)) AS NewGrainStateVersion
');

INSERT INTO OrleansQuery (QueryKey, QueryText) VALUES ('ReadFromStorageKey', '
SELECT payload AS PayloadBinary, version AS Version FROM grain_state
WHERE service_id = @ServiceId AND id_hash = @GrainIdHash AND type_hash = @GrainTypeHash AND id_n0 = @GrainIdN0 AND id_n1 = @GrainIdN1
    AND id_text = coalesce(CAST(@GrainIdExtensionString AS text), '''') AND type_name = @GrainTypeString
');

INSERT INTO OrleansQuery (QueryKey, QueryText) VALUES ('ClearStorageKey', '
WITH cleared AS
(
    UPDATE grain_state SET payload = NULL, version = version + 1
    WHERE service_id = @ServiceId AND id_hash = @GrainIdHash AND type_hash = @GrainTypeHash AND id_n0 = @GrainIdN0 AND id_n1 = @GrainIdN1
        AND id_text = coalesce(CAST(@GrainIdExtensionString AS text), '''') AND type_name = @GrainTypeString AND version = CAST(@GrainStateVersion AS integer)
    RETURNING version
)
SELECT coalesce((SELECT version FROM cleared), CAST(@GrainStateVersion AS integer)) AS NewGrainStateVersion
');
