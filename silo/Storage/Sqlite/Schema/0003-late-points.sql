-- Points that came later than their indicators allow. Times are milliseconds since 1970-01-01T00:00:00Z.
CREATE TABLE late_points
(
    partition        INTEGER NOT NULL,
    entry            INTEGER NOT NULL, -- journal entry of the partition that brought it
    item             INTEGER NOT NULL, -- its place among the late points of that entry, from 0
    code             TEXT    NOT NULL,
    path             TEXT    NOT NULL,
    time             INTEGER NOT NULL,
    value            REAL    NOT NULL,
    source           TEXT    NOT NULL,
    received_at      INTEGER NOT NULL,
    allowed_lateness INTEGER NOT NULL, -- milliseconds
    reason           INTEGER NOT NULL, -- 0: too old
    state            INTEGER NOT NULL, -- 0: kept; 1: put into its bucket
    PRIMARY KEY (partition, entry, item)
) WITHOUT ROWID;

CREATE INDEX late_points_by_age ON late_points (partition, received_at);
