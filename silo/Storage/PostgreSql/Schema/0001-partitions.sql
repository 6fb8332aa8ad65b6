-- Facts about this storage that must not change while it lives.
CREATE TABLE settings
(
    name  text NOT NULL PRIMARY KEY,
    value text NOT NULL
);

-- Who may write a partition. Every write of a partition locks its row for share and a claim locks it alone, so that no write of an
-- activation that lost its claim can commit behind the claim. Nothing else is kept here: appends must not wait for a checkpoint.
CREATE TABLE partitions
(
    partition integer NOT NULL PRIMARY KEY,
    epoch     bigint  NOT NULL -- sequence of the entry by which the present activation claimed it
);

-- Last checkpoint of every partition that has one.
CREATE TABLE checkpoints
(
    partition integer NOT NULL PRIMARY KEY,
    entry     bigint  NOT NULL, -- last journal entry the checkpoint covers
    header    bytea   NOT NULL  -- the partition's own record
);

-- Everything a partition was told behind its last checkpoint. Rows live for seconds, so they are vacuumed by number and not by share.
CREATE TABLE journal
(
    partition integer NOT NULL,
    sequence  bigint  NOT NULL,
    payload   bytea   NOT NULL,
    PRIMARY KEY (partition, sequence)
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000,
    toast.autovacuum_vacuum_scale_factor = 0, toast.autovacuum_vacuum_threshold = 20000);

-- Entries are packed already: compressing them again costs more than it saves.
ALTER TABLE journal ALTER COLUMN payload SET STORAGE EXTERNAL;

-- Nodes as of the last checkpoint. Times are milliseconds since 1970-01-01T00:00:00Z. Room is left in each page, since every checkpoint
-- updates the rows that changed, and none of the columns that it updates is in an index.
CREATE TABLE nodes
(
    partition  integer NOT NULL,
    number     integer NOT NULL,
    code       text    COLLATE "C" NOT NULL,
    path       text    COLLATE "C" NOT NULL,
    last_entry bigint  NOT NULL, -- 0 for a node that has a number but was not told anything yet
    clock      bigint  NOT NULL,
    deadline   bigint  NOT NULL,
    state      bytea,
    PRIMARY KEY (partition, number)
) WITH (fillfactor = 60, autovacuum_vacuum_scale_factor = 0.05);

CREATE UNIQUE INDEX nodes_by_key ON nodes (code, path);

-- Buckets of nodes. Resolution 86400000 with an indicator whose period is a day holds calendar days of its time zone.
CREATE TABLE bucket_rows
(
    partition    integer          NOT NULL,
    number       integer          NOT NULL,
    resolution   bigint           NOT NULL, -- milliseconds
    start        bigint           NOT NULL, -- milliseconds since 1970-01-01T00:00:00Z
    count        bigint           NOT NULL,
    raw_sum      double precision,          -- null when it left the range of a double
    compensation double precision NOT NULL, -- what rounding lost from raw_sum
    min          double precision NOT NULL,
    max          double precision NOT NULL,
    first        double precision NOT NULL,
    first_time   bigint           NOT NULL,
    last         double precision NOT NULL,
    last_time    bigint           NOT NULL,
    PRIMARY KEY (partition, number, resolution, start)
) WITH (fillfactor = 85, autovacuum_vacuum_scale_factor = 0.05);

-- For people and their tools.
CREATE VIEW buckets AS
SELECT n.code, n.path, b.resolution, b.start, b.count, b.raw_sum + b.compensation AS sum, b.min, b.max, b.first, b.last
FROM bucket_rows AS b
JOIN nodes AS n ON n.partition = b.partition AND n.number = b.number;
