"""Funnel, retention, lifecycle and stickiness against DuckDB on the same Parquet files, answers checked equal.

    python bench/persons.py [--events N] [--binary target/release/telemetry]

As bench/trends.py: events of a seed, imported the real way, both with 2 threads. DuckDB gets the files and plain SQL,
written from docs/semantics without a look at the server. Prints Markdown.
"""

import argparse
import json
import random
import tempfile
import urllib.request

import trends

DAYS, START = trends.DAYS, trends.START


def write_events(path, count, seed=20_261):
    """Visits of about ten events, so that funnels and paths have something to find; no two events of a person at once."""
    rng = random.Random(seed)
    persons = max(count // 100, 10)
    names = ["IMPRESSION", "INTERACT", "START", "END"] + [f"event {n}" for n in range(36)]
    weights = [1 / (rank + 1) for rank in range(len(names))]
    written, taken = 0, set()
    with open(path, "w", encoding="utf-8") as out:
        while written < count:
            person = int(persons * rng.random() ** 2)
            at = START + rng.randrange(DAYS * 86_400 - 7_200)
            for name in rng.choices(names, weights, k=min(rng.randrange(1, 20), count - written)):
                at += rng.randrange(1, 300)
                if (person, at) in taken:
                    continue
                taken.add((person, at))
                row = {
                    "uuid": f"{rng.getrandbits(128):032x}",
                    "event": name,
                    "event_at": at * 1_000_000,
                    "distinct_id": f"p{person}",
                    "properties": {"page": f"page-{int(200 * rng.random() ** 3)}"},
                }
                out.write(json.dumps(row) + "\n")
                written += 1


FUNNEL_SQL = """
WITH steps AS (SELECT distinct_id, event, event_at FROM e WHERE event IN ('IMPRESSION', 'START', 'END')),
s1 AS (SELECT distinct_id, event_at AS t1 FROM steps WHERE event = 'IMPRESSION'),
s2 AS (SELECT s.distinct_id, s.event_at AS t2, max(s1.t1) AS t1 FROM steps s JOIN s1
       ON s.distinct_id = s1.distinct_id AND s1.t1 < s.event_at AND s.event_at <= s1.t1 + INTERVAL 14 DAY
       WHERE s.event = 'START' GROUP BY ALL),
s3 AS (SELECT DISTINCT s.distinct_id FROM steps s JOIN s2
       ON s.distinct_id = s2.distinct_id AND s2.t2 < s.event_at AND s.event_at <= s2.t1 + INTERVAL 14 DAY
       WHERE s.event = 'END')
SELECT (SELECT count(DISTINCT distinct_id) FROM s1), (SELECT count(DISTINCT distinct_id) FROM s2), (SELECT count(*) FROM s3)
"""

RETENTION_SQL = """
WITH active AS (SELECT DISTINCT distinct_id, date_trunc('week', event_at) AS week FROM e
                WHERE event = 'IMPRESSION' AND event_at >= '2026-01-05' AND event_at < '2026-03-30')
SELECT date_diff('week', TIMESTAMP '2026-01-05', a.week) AS i, date_diff('week', a.week, b.week) AS j, count(*)
FROM active a JOIN active b ON a.distinct_id = b.distinct_id AND b.week >= a.week GROUP BY ALL
"""

LIFECYCLE_SQL = """
WITH first AS (SELECT distinct_id, date_trunc('week', min(event_at)) AS seen FROM e GROUP BY ALL),
active AS (SELECT DISTINCT distinct_id, date_trunc('week', event_at) AS week FROM e
           WHERE event = 'IMPRESSION' AND event_at >= '2025-12-29' AND event_at < '2026-03-30'),
marked AS (SELECT distinct_id, week, lag(week) OVER w AS before, lead(week) OVER w AS after FROM active
           WINDOW w AS (PARTITION BY distinct_id ORDER BY week))
SELECT week::VARCHAR, CASE WHEN before IS NULL AND week = seen THEN 'new'
                  WHEN before = week - INTERVAL 7 DAY THEN 'returning' ELSE 'resurrecting' END AS status, count(*)
FROM marked JOIN first USING (distinct_id) WHERE week >= '2026-01-05' GROUP BY ALL
UNION ALL
SELECT (week + INTERVAL 7 DAY)::VARCHAR, 'dormant', -count(*) FROM marked
WHERE (after IS NULL OR after > week + INTERVAL 7 DAY) AND week < '2026-03-23' GROUP BY ALL
"""

STICKINESS_SQL = """
WITH days AS (SELECT distinct_id, count(DISTINCT day) AS k FROM e WHERE event = 'IMPRESSION' GROUP BY ALL)
SELECT k, count(*) FROM days GROUP BY ALL
"""

PATHS_SQL = """
WITH marked AS (SELECT distinct_id, event, event_at,
                       coalesce(event_at - lag(event_at) OVER w >= INTERVAL 30 MINUTE, true) AS begins FROM e
                WINDOW w AS (PARTITION BY distinct_id ORDER BY event_at)),
numbered AS (SELECT *, sum(begins::INT) OVER (PARTITION BY distinct_id ORDER BY event_at ROWS UNBOUNDED PRECEDING) AS path
             FROM marked),
changes AS (SELECT *, lag(event) OVER (PARTITION BY distinct_id, path ORDER BY event_at) AS before FROM numbered),
items AS (SELECT distinct_id, path, event, row_number() OVER (PARTITION BY distinct_id, path ORDER BY event_at) AS position
          FROM changes WHERE before IS NULL OR before <> event),
edges AS (SELECT position, event AS source,
                 lead(event) OVER (PARTITION BY distinct_id, path ORDER BY position) AS target FROM items WHERE position <= 5)
SELECT position || '_' || source AS s, (position + 1) || '_' || target AS t, count(*) AS n
FROM edges WHERE target IS NOT NULL AND position < 5 GROUP BY ALL ORDER BY n DESC, s, t LIMIT 50
"""


def ask(url, question):
    request = urllib.request.Request(
        f"{url}/api/projects/1/query", json.dumps(question).encode(), {"Authorization": f"Bearer {trends.TOKEN}"}
    )
    with urllib.request.urlopen(request) as response:
        return json.load(response)


def of_funnel(answer):
    return [tuple(step["count"] for step in answer["rows"][0]["steps"])]


def of_retention(answer):
    cells = ((row["row"], column, count) for row in answer["rows"] for column, count in enumerate(row["cells"]))
    return sorted(cell for cell in cells if cell[2])


def of_lifecycle(answer):
    statuses = ("new", "returning", "resurrecting", "dormant")
    rows = ((bucket["label"], status, answer[status][n]) for n, bucket in enumerate(answer["buckets"]) for status in statuses)
    return sorted(row for row in rows if row[2])


def of_stickiness(answer):
    return sorted((n + 1, count) for n, count in enumerate(answer["lines"][0]["counts"]) if count)


def of_paths(answer):
    return [(edge["source"], edge["target"], edge["count"]) for edge in answer["edges"]]


WHOLE = {"date_from": "2026-01-01", "date_to": "2026-03-31"}
QUESTIONS = {
    "3-step ordered funnel, 14 days": (
        {"kind": "funnel", "steps": [{"event": name} for name in ("IMPRESSION", "START", "END")], **WHOLE},
        FUNNEL_SQL, of_funnel, list,
    ),
    "weekly retention, 12 weeks": (
        {"kind": "retention", "start_event": {"event": "IMPRESSION"}, "period": "week", "intervals": 12,
         "date_to": "2026-03-29"},
        RETENTION_SQL, of_retention, sorted,
    ),
    "weekly lifecycle": (
        {"kind": "lifecycle", "series": {"event": "IMPRESSION"}, "interval": "week", "date_from": "2026-01-05",
         "date_to": "2026-03-29"},
        LIFECYCLE_SQL, of_lifecycle, lambda rows: sorted((row[0][:10], row[1], row[2]) for row in rows),
    ),
    "daily stickiness": (
        {"kind": "stickiness", "series": [{"event": "IMPRESSION"}], **WHOLE},
        STICKINESS_SQL, of_stickiness, sorted,
    ),
    "top 50 paths of event names": (
        # Every edge is reached: the most frequent lead from the most frequent.
        {"kind": "paths", "kinds": ["events"], "limit": 50, **WHOLE},
        PATHS_SQL, of_paths, list,
    ),
}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--events", type=int, default=1_000_000)
    parser.add_argument("--binary", default="target/release/telemetry")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        serve, connection = trends.prepare(options, folder, write_events)
        print("| question | Telemetry ms | DuckDB on the same files ms | ratio |\n|---|---|---|---|")
        server, url = serve()
        try:
            for name, (question, sql, ours, theirs_as) in QUESTIONS.items():
                mine, answer = trends.median_ms(lambda: ask(url, question))
                theirs, rows = trends.median_ms(lambda: connection.execute(sql).fetchall())
                shown, expected = ours(answer), theirs_as(rows)
                assert shown == expected, f"{name}: {shown[:20]} and {expected[:20]}"
                print(f"| {name} | {mine:.1f} | {theirs:.1f} | {theirs / mine:.1f}× |")
        finally:
            server.terminate()
            server.wait()


if __name__ == "__main__":
    main()
