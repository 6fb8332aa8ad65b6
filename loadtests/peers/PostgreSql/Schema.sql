-- A tree of sums by hand: every insert into points rolls up to the root in its own transaction, and tells of parents that cross
-- their threshold.
CREATE TABLE points
(
    leaf  integer          NOT NULL,
    at    bigint           NOT NULL, -- milliseconds since 1970-01-01T00:00:00Z
    value double precision NOT NULL
);

CREATE INDEX points_by_leaf ON points (leaf, at);

-- Totals are updated all the time, so room is left in each page.
CREATE TABLE leaf_totals
(
    leaf  integer          NOT NULL PRIMARY KEY,
    count bigint           NOT NULL,
    sum   double precision NOT NULL
) WITH (fillfactor = 50);

CREATE TABLE parent_totals
(
    parent    integer          NOT NULL PRIMARY KEY,
    count     bigint           NOT NULL,
    sum       double precision NOT NULL,
    threshold double precision NOT NULL DEFAULT 1e12
) WITH (fillfactor = 50);

CREATE TABLE department_totals
(
    department integer          NOT NULL PRIMARY KEY,
    count      bigint           NOT NULL,
    sum        double precision NOT NULL
) WITH (fillfactor = 50);

CREATE TABLE root_totals
(
    root  integer          NOT NULL PRIMARY KEY,
    count bigint           NOT NULL,
    sum   double precision NOT NULL
) WITH (fillfactor = 10);

-- Rows are taken in order everywhere, so that transactions wait for one another and never in a circle.
CREATE FUNCTION roll_up() RETURNS trigger LANGUAGE plpgsql AS
$$
DECLARE
    crossed record;
BEGIN
    INSERT INTO leaf_totals AS held (leaf, count, sum)
    SELECT leaf, count(*), sum(value) FROM arrived GROUP BY leaf ORDER BY leaf
    ON CONFLICT (leaf) DO UPDATE SET count = held.count + excluded.count, sum = held.sum + excluded.sum;

    FOR crossed IN
        WITH changes AS
        (
            SELECT leaf / 100 AS parent, count(*) AS count, sum(value) AS sum FROM arrived GROUP BY leaf / 100
        ),
        updated AS
        (
            INSERT INTO parent_totals AS held (parent, count, sum)
            SELECT parent, count, sum FROM changes ORDER BY parent
            ON CONFLICT (parent) DO UPDATE SET count = held.count + excluded.count, sum = held.sum + excluded.sum
            RETURNING held.parent, held.sum, held.threshold
        )
        SELECT updated.parent, updated.sum > threshold AS is_high
        FROM updated JOIN changes USING (parent)
        WHERE (updated.sum > threshold) <> (updated.sum - changes.sum > threshold)
    LOOP
        PERFORM pg_notify('alerts', crossed.parent || CASE WHEN crossed.is_high THEN ' high' ELSE ' normal' END);
    END LOOP;

    INSERT INTO department_totals AS held (department, count, sum)
    SELECT leaf / 1000, count(*), sum(value) FROM arrived GROUP BY leaf / 1000 ORDER BY leaf / 1000
    ON CONFLICT (department) DO UPDATE SET count = held.count + excluded.count, sum = held.sum + excluded.sum;

    INSERT INTO root_totals AS held (root, count, sum)
    SELECT 0, count(*), sum(value) FROM arrived
    ON CONFLICT (root) DO UPDATE SET count = held.count + excluded.count, sum = held.sum + excluded.sum;
    RETURN NULL;
END
$$;

CREATE TRIGGER points_roll_up AFTER INSERT ON points
REFERENCING NEW TABLE AS arrived FOR EACH STATEMENT EXECUTE FUNCTION roll_up();
