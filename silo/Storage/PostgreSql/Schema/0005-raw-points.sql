-- Raw points of nodes, in packed chunks that are written once. Times are milliseconds since 1970-01-01T00:00:00Z.
CREATE TABLE raw_chunks
(
    partition integer NOT NULL,
    number    integer NOT NULL,
    sequence  bigint  NOT NULL, -- 0, 1, 2… within the node
    min_time  bigint  NOT NULL,
    max_time  bigint  NOT NULL,
    count     integer NOT NULL, -- points
    payload   bytea   NOT NULL,
    PRIMARY KEY (partition, number, max_time, sequence)
);

-- Chunks are packed already: compressing them again costs more than it saves.
ALTER TABLE raw_chunks ALTER COLUMN payload SET STORAGE EXTERNAL;

CREATE INDEX raw_chunks_by_age ON raw_chunks (partition, max_time);

-- What corrections replaced.
CREATE TABLE corrections
(
    partition          integer            NOT NULL,
    number             integer            NOT NULL,
    entry              bigint             NOT NULL, -- journal entry that brought it
    position           integer            NOT NULL, -- among the points of the node in that entry
    time               bigint             NOT NULL,
    value              double precision   NOT NULL,
    old_count          integer            NOT NULL,
    old_values         double precision[] NOT NULL, -- the first hundred
    source             text               NOT NULL,
    recorded_at        bigint             NOT NULL,
    dictionary_version bigint             NOT NULL,
    PRIMARY KEY (partition, number, entry, position)
);

CREATE INDEX corrections_by_age ON corrections (partition, recorded_at);
