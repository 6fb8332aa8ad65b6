-- Facts about this storage that must not change while it lives.
CREATE TABLE settings
(
    name  TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
) WITHOUT ROWID;

-- One row per partition: who may write it, and its last checkpoint.
CREATE TABLE partitions
(
    partition INTEGER NOT NULL PRIMARY KEY,
    epoch     INTEGER NOT NULL, -- sequence of the entry by which the present activation claimed it
    entry     INTEGER NOT NULL, -- last journal entry the checkpoint covers
    header    BLOB              -- the partition's own record; null before the first checkpoint
);

-- Everything a partition was told behind its last checkpoint.
CREATE TABLE journal
(
    partition INTEGER NOT NULL,
    sequence  INTEGER NOT NULL,
    payload   BLOB    NOT NULL,
    PRIMARY KEY (partition, sequence)
);

-- Nodes as of the last checkpoint. Times are milliseconds since 1970-01-01T00:00:00Z.
CREATE TABLE nodes
(
    partition  INTEGER NOT NULL,
    number     INTEGER NOT NULL,
    code       TEXT    NOT NULL,
    path       TEXT    NOT NULL,
    last_entry INTEGER NOT NULL, -- 0 for a node that has a number but was not told anything yet
    clock      INTEGER NOT NULL,
    deadline   INTEGER NOT NULL,
    state      BLOB,
    PRIMARY KEY (partition, number)
) WITHOUT ROWID;

CREATE UNIQUE INDEX nodes_by_key ON nodes (code, path);

-- Buckets of nodes. Resolution 86400000 with an indicator whose period is a day holds calendar days of its time zone.
CREATE TABLE bucket_rows
(
    partition    INTEGER NOT NULL,
    number       INTEGER NOT NULL,
    resolution   INTEGER NOT NULL, -- milliseconds
    start        INTEGER NOT NULL, -- milliseconds since 1970-01-01T00:00:00Z
    count        INTEGER NOT NULL,
    raw_sum      REAL,             -- null when it left the range of a double
    compensation REAL    NOT NULL, -- what rounding lost from raw_sum
    min          REAL    NOT NULL,
    max          REAL    NOT NULL,
    first        REAL    NOT NULL,
    first_time   INTEGER NOT NULL,
    last         REAL    NOT NULL,
    last_time    INTEGER NOT NULL,
    PRIMARY KEY (partition, number, resolution, start)
) WITHOUT ROWID;

-- For people and their tools.
CREATE VIEW buckets AS
SELECT n.code, n.path, b.resolution, b.start, b.count, b.raw_sum + b.compensation AS sum, b.min, b.max, b.first, b.last
FROM bucket_rows AS b
JOIN nodes AS n ON n.partition = b.partition AND n.number = b.number;
