-- State of grains that keep definitions. The providers of Microsoft.Orleans.Persistence.AdoNet look their statements up in OrleansQuery;
-- keys, parameters and result columns are theirs.
CREATE TABLE OrleansQuery
(
    QueryKey  TEXT NOT NULL PRIMARY KEY,
    QueryText TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE grain_state
(
    service_id TEXT    NOT NULL,
    type_hash  INTEGER NOT NULL,
    type_name  TEXT    NOT NULL,
    id_hash    INTEGER NOT NULL,
    id_n0      INTEGER NOT NULL,
    id_n1      INTEGER NOT NULL,
    id_text    TEXT    NOT NULL, -- empty for grains without a text key
    payload    BLOB,             -- null after a clear
    version    INTEGER NOT NULL,
    PRIMARY KEY (service_id, id_hash, type_hash, id_n0, id_n1, id_text, type_name)
) WITHOUT ROWID;

-- A write names the version it builds on, null for a new record. The answer is the version now: one greater when the write was made, the
-- one it was called with when somebody else wrote meanwhile.
INSERT INTO OrleansQuery (QueryKey, QueryText) VALUES ('WriteToStorageKey', '
INSERT INTO grain_state (service_id, type_hash, type_name, id_hash, id_n0, id_n1, id_text, payload, version)
VALUES (@ServiceId, @GrainTypeHash, @GrainTypeString, @GrainIdHash, @GrainIdN0, @GrainIdN1, coalesce(@GrainIdExtensionString, ''''),
    @PayloadBinary, coalesce(@GrainStateVersion, 0) + 1)
ON CONFLICT (service_id, id_hash, type_hash, id_n0, id_n1, id_text, type_name)
DO UPDATE SET payload = excluded.payload, version = version + 1 WHERE version = @GrainStateVersion;
SELECT CASE WHEN changes() > 0 THEN coalesce(@GrainStateVersion, 0) + 1 ELSE @GrainStateVersion END AS NewGrainStateVersion;
');

INSERT INTO OrleansQuery (QueryKey, QueryText) VALUES ('ReadFromStorageKey', '
SELECT payload AS PayloadBinary, version AS Version FROM grain_state
WHERE service_id = @ServiceId AND id_hash = @GrainIdHash AND type_hash = @GrainTypeHash AND id_n0 = @GrainIdN0 AND id_n1 = @GrainIdN1
    AND id_text = coalesce(@GrainIdExtensionString, '''') AND type_name = @GrainTypeString;
');

INSERT INTO OrleansQuery (QueryKey, QueryText) VALUES ('ClearStorageKey', '
UPDATE grain_state SET payload = NULL, version = version + 1
WHERE service_id = @ServiceId AND id_hash = @GrainIdHash AND type_hash = @GrainTypeHash AND id_n0 = @GrainIdN0 AND id_n1 = @GrainIdN1
    AND id_text = coalesce(@GrainIdExtensionString, '''') AND type_name = @GrainTypeString AND version = @GrainStateVersion;
SELECT CASE WHEN changes() > 0 THEN @GrainStateVersion + 1 ELSE @GrainStateVersion END AS NewGrainStateVersion;
');
