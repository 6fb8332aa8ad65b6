-- What departments were told, in order. Times are milliseconds since 1970-01-01T00:00:00Z.
CREATE TABLE alert_log
(
    department TEXT    NOT NULL,
    cursor     INTEGER NOT NULL, -- 1, 2, 3… within the department
    logged_at  INTEGER NOT NULL, -- never decreases along the log
    alert_id   TEXT    NOT NULL,
    payload    BLOB    NOT NULL,
    PRIMARY KEY (department, cursor)
);

CREATE INDEX alert_log_by_time ON alert_log (department, logged_at);

-- Every alert of a department, as the last entry about it says.
CREATE TABLE alerts
(
    department   TEXT    NOT NULL,
    alert_id     TEXT    NOT NULL,
    first_cursor INTEGER NOT NULL,
    last_cursor  INTEGER NOT NULL,
    is_open      INTEGER NOT NULL,
    peak_level   INTEGER NOT NULL,
    code         TEXT    NOT NULL,
    path         TEXT    NOT NULL,
    PRIMARY KEY (department, alert_id)
) WITHOUT ROWID;

CREATE UNIQUE INDEX alerts_by_age ON alerts (department, first_cursor);
CREATE INDEX alerts_open ON alerts (department, first_cursor) WHERE is_open = 1;

-- Number of the last transition of each partition that is in a department's log.
CREATE TABLE alert_senders
(
    department TEXT    NOT NULL,
    sender     INTEGER NOT NULL,
    number     INTEGER NOT NULL,
    PRIMARY KEY (department, sender)
) WITHOUT ROWID;
