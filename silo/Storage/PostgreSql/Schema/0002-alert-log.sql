-- What departments were told, in order. Times are milliseconds since 1970-01-01T00:00:00Z.
CREATE TABLE alert_log
(
    department text   COLLATE "C" NOT NULL,
    cursor     bigint NOT NULL, -- 1, 2, 3… within the department
    logged_at  bigint NOT NULL, -- never decreases along the log
    alert_id   text   COLLATE "C" NOT NULL,
    payload    bytea  NOT NULL,
    PRIMARY KEY (department, cursor)
);

CREATE INDEX alert_log_by_time ON alert_log (department, logged_at);

-- Every alert of a department, as the last entry about it says.
CREATE TABLE alerts
(
    department   text    COLLATE "C" NOT NULL,
    alert_id     text    COLLATE "C" NOT NULL,
    first_cursor bigint  NOT NULL,
    last_cursor  bigint  NOT NULL,
    is_open      boolean NOT NULL,
    peak_level   integer NOT NULL,
    code         text    COLLATE "C" NOT NULL,
    path         text    COLLATE "C" NOT NULL,
    PRIMARY KEY (department, alert_id)
) WITH (fillfactor = 85);

CREATE UNIQUE INDEX alerts_by_age ON alerts (department, first_cursor);
CREATE INDEX alerts_open ON alerts (department, first_cursor) WHERE is_open;

-- Number of the last transition of each partition that is in a department's log.
CREATE TABLE alert_senders
(
    department text    COLLATE "C" NOT NULL,
    sender     integer NOT NULL,
    number     bigint  NOT NULL,
    PRIMARY KEY (department, sender)
) WITH (fillfactor = 60);
