-- History is now kept at several widths. Those of what is stored already are made here once, in three steps from fine to coarse: a minute,
-- an hour, a day, each from the finest buckets of a node. A node with calendar days keeps those and gets no others.
INSERT INTO bucket_rows
    (partition, number, resolution, start, count, raw_sum, compensation, min, max, first, first_time, last, last_time)
WITH
steps (width) AS (VALUES (60000), (3600000), (86400000)),
finest AS
(
    SELECT partition, number, min(resolution) AS resolution, max(resolution) = 86400000 AS has_days
    FROM bucket_rows GROUP BY partition, number
),
fine AS
(
    SELECT b.*, s.width, b.start / s.width * s.width AS coarse_start
    FROM finest AS f
    JOIN bucket_rows AS b ON b.partition = f.partition AND b.number = f.number AND b.resolution = f.resolution
    JOIN steps AS s ON s.width > f.resolution AND s.width % f.resolution = 0 AND NOT (s.width = 86400000 AND f.has_days)
),
ordered AS
(
    SELECT *,
        row_number() OVER (PARTITION BY partition, number, width, coarse_start ORDER BY first_time, first) AS from_first,
        row_number() OVER (PARTITION BY partition, number, width, coarse_start ORDER BY last_time DESC, last DESC) AS from_last
    FROM fine
)
SELECT partition, number, width, coarse_start, sum(count), sum(raw_sum), sum(compensation), min(min), max(max),
    max(CASE WHEN from_first = 1 THEN first END), max(CASE WHEN from_first = 1 THEN first_time END),
    max(CASE WHEN from_last = 1 THEN last END), max(CASE WHEN from_last = 1 THEN last_time END)
FROM ordered
GROUP BY partition, number, width, coarse_start;
