-- Raw points of nodes, in packed chunks that are written once. Times are milliseconds since 1970-01-01T00:00:00Z.
CREATE TABLE raw_chunks
(
    partition INTEGER NOT NULL,
    number    INTEGER NOT NULL,
    sequence  INTEGER NOT NULL, -- 0, 1, 2… within the node
    min_time  INTEGER NOT NULL,
    max_time  INTEGER NOT NULL,
    count     INTEGER NOT NULL, -- points
    payload   BLOB    NOT NULL,
    UNIQUE (partition, number, max_time, sequence)
);

CREATE INDEX raw_chunks_by_age ON raw_chunks (partition, max_time);

-- What corrections replaced.
CREATE TABLE corrections
(
    partition          INTEGER NOT NULL,
    number             INTEGER NOT NULL,
    entry              INTEGER NOT NULL, -- journal entry that brought it
    position           INTEGER NOT NULL, -- among the points of the node in that entry
    time               INTEGER NOT NULL,
    value              REAL    NOT NULL,
    old_count          INTEGER NOT NULL,
    old_values         BLOB    NOT NULL, -- the first hundred, 8 bytes each, little-endian
    source             TEXT    NOT NULL,
    recorded_at        INTEGER NOT NULL,
    dictionary_version INTEGER NOT NULL,
    PRIMARY KEY (partition, number, entry, position)
) WITHOUT ROWID;

CREATE INDEX corrections_by_age ON corrections (partition, recorded_at);
