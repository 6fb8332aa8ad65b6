-- Points that came later than their indicators allow. Times are milliseconds since 1970-01-01T00:00:00Z.
CREATE TABLE late_points
(
    partition        integer          NOT NULL,
    entry            bigint           NOT NULL, -- journal entry of the partition that brought it
    item             integer          NOT NULL, -- its place among the late points of that entry, from 0
    code             text COLLATE "C" NOT NULL,
    path             text COLLATE "C" NOT NULL,
    time             bigint           NOT NULL,
    value            double precision NOT NULL,
    source           text             NOT NULL,
    received_at      bigint           NOT NULL,
    allowed_lateness bigint           NOT NULL, -- milliseconds
    reason           integer          NOT NULL, -- 0: too old
    state            integer          NOT NULL, -- 0: kept; 1: put into its bucket
    PRIMARY KEY (partition, entry, item)
);

CREATE INDEX late_points_by_age ON late_points (partition, received_at);
