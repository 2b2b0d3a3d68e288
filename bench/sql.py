"""SQL against DuckDB on the same Parquet files: every cell of every query must be equal.

    python bench/sql.py [--events N] [--binary target/release/telemetry]

Makes N events of a seed, imports them with `telemetry import` (the real way in), asks the running server over HTTP
(`POST /api/projects/1/sql`, answered by `telemetry-sql` beside the binary), and asks DuckDB the same of the segment
files. Prints one line per query; ends with an error at the first difference.
"""

import argparse
import datetime
import decimal
import glob
import json
import math
import os
import random
import subprocess
import tempfile
import time
import urllib.error
import urllib.request

import duckdb

TOKEN = "tmp_bench_token"
START = 1_767_225_600  # 2026-01-01T00:00:00Z
DAYS = 20


def write_events(path, count, seed=20_261):
    """Native JSON lines: properties of every kind, some missing, one of mixed kinds; every 50th person merged."""
    rng = random.Random(seed)
    persons = max(count // 60, 10)
    person_of = {}
    with open(path, "w", encoding="utf-8") as out:
        for n in range(count):
            at = (START + rng.randrange(DAYS * 86_400)) * 1_000_000 + n % 1_000_000
            person = int(persons * rng.random() ** 2)
            distinct_id = f"p{person}"
            event = rng.choice(["IMPRESSION", "IMPRESSION", "INTERACT", "SEARCH", "START", "END"])
            properties = {
                "edata.pageid": rng.choice(["home", "marks", "attendance", "परीक्षा", "home, \"new\"", "", "o'clock"]),
                "district": f"d{person % 12}",
                "$os": rng.choice(["Android", "iOS", "Linux"]),
            }
            if n % 7 == 0:
                properties["amount"] = rng.randrange(1, 10_000) / 4
            if n % 5 == 0:
                properties["isNew"] = n % 2 == 0
            if n % 3 == 0:
                properties["mixed"] = [n % 10, f"t{n % 4}", n % 2 == 0, [n % 3, "x"]][n // 3 % 4]
            if n % 11 == 0:
                properties["tags"] = [n % 4, "a"]
            if n % 50 == 49 and distinct_id not in person_of:
                event = "$identify"
                properties["$anon_distinct_id"] = f"anon{person}"
                person_of[f"anon{person}"] = distinct_id
            elif person % 9 == 4 and rng.random() < 0.3:
                distinct_id = f"anon{person}"
            person_of.setdefault(distinct_id, distinct_id)
            row = {"uuid": f"{rng.getrandbits(128):032x}", "event": event, "event_at": at, "distinct_id": distinct_id,
                   "properties": properties}
            if n % 4:
                row["session_id"] = f"s{person}-{n % 9}"
            out.write(json.dumps(row) + "\n")
    return person_of


PAGE = "\"edata.pageid\""
# (name, query, DuckDB's text where it differs); a query that ends in ORDER BY is compared in order.
QUERIES = [
    ("count", "SELECT count(*) FROM events", None),
    ("filter on a property", f"SELECT count(*) FROM events WHERE {PAGE} = 'marks'", None),
    ("property access", "SELECT count(*), count(properties['amount']), sum(properties['amount']) FROM events",
     "SELECT count(*), count(amount), sum(amount) FROM events"),
    ("group by", f"SELECT event, {PAGE}, count(*) FROM events GROUP BY 1, 2", None),
    ("aggregates", "SELECT min(amount), max(amount), avg(amount), sum(amount), median(amount), var_pop(amount), "
     "stddev_samp(amount) FROM events", None),
    ("distinct persons", "SELECT event, count(DISTINCT person_id), count(DISTINCT distinct_id) FROM events GROUP BY event", None),
    ("filtered aggregates", "SELECT \"$os\", count(*) FILTER (WHERE \"isNew\"), count(*) FILTER (WHERE NOT \"isNew\"), "
     "count(\"isNew\") FROM events GROUP BY \"$os\"", None),
    ("mixed kinds are text", "SELECT mixed, count(*) FROM events GROUP BY mixed", None),
    ("json text", "SELECT tags, count(*) FROM events WHERE tags IS NOT NULL GROUP BY tags", None),
    ("having", "SELECT distinct_id, count(*) AS n FROM events GROUP BY distinct_id HAVING count(*) > 40 "
     "ORDER BY n DESC, distinct_id", None),
    ("order and limit", "SELECT uuid, event_at, event FROM events ORDER BY event_at DESC, uuid LIMIT 100", None),
    ("limit and offset", "SELECT distinct_id, event_at FROM events ORDER BY distinct_id, event_at, uuid LIMIT 50 OFFSET 500", None),
    ("distinct", "SELECT DISTINCT district, \"$os\" FROM events", None),
    ("case", "SELECT CASE WHEN amount > 1000 THEN 'big' WHEN amount > 100 THEN 'middle' WHEN amount IS NULL THEN 'none' "
     "ELSE 'small' END AS size, count(*) FROM events GROUP BY 1", None),
    ("coalesce and nullif", f"SELECT coalesce(nullif({PAGE}, ''), '(none)') AS page, count(*) FROM events GROUP BY 1", None),
    ("day buckets", "SELECT date_trunc('day', event_at) AS day, count(*) FROM events GROUP BY 1 ORDER BY 1", None),
    ("week buckets", "SELECT date_trunc('week', event_at) AS week, count(DISTINCT person_id) FROM events GROUP BY 1 ORDER BY 1", None),
    ("parts of dates", "SELECT CAST(date_part('dow', event_at) AS INT) AS d, CAST(extract(hour FROM event_at) AS INT) AS h, count(*) "
     "FROM events GROUP BY 1, 2", None),
    ("range of dates", "SELECT count(*), min(event_at), max(event_at) FROM events "
     "WHERE event_at >= TIMESTAMP '2026-01-05 00:00:00' AND event_at < TIMESTAMP '2026-01-07 12:30:00'", None),
    ("dates as text", "SELECT count(*) FROM events WHERE event_at BETWEEN '2026-01-03' AND '2026-01-04T06:00:00'", None),
    ("intervals", "SELECT count(*) FROM events WHERE event_at + INTERVAL '2 days' > TIMESTAMP '2026-01-20 00:00:00'", None),
    ("cast to date", "SELECT CAST(event_at AS DATE) AS d, count(*) FROM events GROUP BY 1 ORDER BY 1", None),
    ("Indian days", "SELECT CAST(event_at AT TIME ZONE 'Asia/Kolkata' AS DATE) AS d, count(*) FROM events GROUP BY 1 ORDER BY 1",
     "SELECT CAST(event_at + INTERVAL '330 minutes' AS DATE) AS d, count(*) FROM events GROUP BY 1 ORDER BY 1"),
    ("text functions", f"SELECT DISTINCT upper({PAGE}), lower(event), length({PAGE}), substr({PAGE}, 2, 3), reverse(district), "
     f"replace({PAGE}, 'o', '0'), concat(event, '/', district), split_part(distinct_id, 'p', 2), trim('  x '), left({PAGE}, 2), "
     f"right(event, 2), lpad(district, 5, '*'), strpos({PAGE}, 'a') FROM events WHERE event_at < '2026-01-03'", None),
    ("like", f"SELECT {PAGE} LIKE '%ma%', event ILIKE 'im%', count(*) FROM events GROUP BY 1, 2", None),
    ("regular expressions", "SELECT regexp_replace(distinct_id, '[0-9]+', '#') AS shape, count(*) FROM events "
     "WHERE regexp_like(distinct_id, '^(p|anon)[0-9]$') GROUP BY 1",
     "SELECT regexp_replace(distinct_id, '[0-9]+', '#') AS shape, count(*) FROM events "
     "WHERE regexp_matches(distinct_id, '^(p|anon)[0-9]$') GROUP BY 1"),
    ("numbers", "SELECT DISTINCT round(amount, 1), floor(amount), ceil(amount), abs(-amount), sqrt(amount), power(amount, 2), "
     "CAST(amount AS BIGINT) % 7 FROM events WHERE amount < 300 AND amount = floor(amount)", None),
    ("inner join", "SELECT a.district, count(*) FROM events a JOIN events b ON a.session_id = b.session_id "
     "AND a.event = 'SEARCH' AND b.event = 'END' GROUP BY 1", None),
    ("left join", "SELECT e.event, count(*), count(d.n) FROM events e LEFT JOIN (SELECT district, count(*) AS n FROM events "
     "WHERE amount > 2000 GROUP BY district HAVING count(*) > 30) d ON e.district = d.district GROUP BY 1", None),
    ("join with persons", "SELECT count(*), count(DISTINCT p.person_id) FROM events e JOIN persons p ON e.person_id = p.person_id", None),
    ("ids of persons", "SELECT person_id, count(*) AS n FROM distinct_ids GROUP BY person_id HAVING count(*) > 1", None),
    ("full join", "SELECT a.d, a.n, b.n FROM (SELECT district AS d, count(*) AS n FROM events WHERE event = 'START' GROUP BY 1) a "
     "FULL JOIN (SELECT district AS d, count(*) AS n FROM events WHERE amount > 2490 GROUP BY 1) b ON a.d = b.d", None),
    ("semi join", "SELECT count(*) FROM events e WHERE EXISTS (SELECT 1 FROM events x WHERE x.person_id = e.person_id "
     "AND x.event = '$identify')", None),
    ("anti join", "SELECT count(DISTINCT person_id) FROM events WHERE person_id NOT IN (SELECT person_id FROM events "
     "WHERE event = 'SEARCH')", None),
    ("scalar subquery", "SELECT count(*) FROM events WHERE amount > (SELECT avg(amount) FROM events)", None),
    ("correlated subquery", "SELECT count(*) FROM events e WHERE amount = (SELECT max(x.amount) FROM events x "
     "WHERE x.district = e.district)", None),
    ("with", "WITH daily AS (SELECT date_trunc('day', event_at) AS day, district, count(*) AS n FROM events GROUP BY 1, 2), "
     "best AS (SELECT day, max(n) AS n FROM daily GROUP BY day) SELECT daily.day, daily.district, daily.n FROM daily "
     "JOIN best ON daily.day = best.day AND daily.n = best.n", None),
    ("union", "SELECT event FROM events WHERE amount > 2000 UNION SELECT district FROM events UNION ALL SELECT 'x'", None),
    ("intersect and except", "(SELECT district FROM events WHERE event = 'START' INTERSECT SELECT district FROM events WHERE "
     "event = 'END') EXCEPT SELECT 'd3'", None),
    ("running sum", "SELECT day, n, sum(n) OVER (ORDER BY day) AS total FROM (SELECT date_trunc('day', event_at) AS day, "
     "count(*) AS n FROM events GROUP BY 1) d ORDER BY day", None),
    ("moving average", "SELECT day, avg(n) OVER (ORDER BY day ROWS BETWEEN 6 PRECEDING AND CURRENT ROW) AS a FROM "
     "(SELECT date_trunc('day', event_at) AS day, count(*) AS n FROM events GROUP BY 1) d ORDER BY day", None),
    ("ranks", "SELECT event, district, n, rank() OVER w, dense_rank() OVER w, row_number() OVER (PARTITION BY event ORDER BY n DESC, "
     "district) FROM (SELECT event, district, count(*) AS n FROM events GROUP BY 1, 2) x WINDOW w AS (PARTITION BY event ORDER BY n DESC)", None),
    ("lag and lead", "SELECT uuid, lag(event) OVER w, lead(event) OVER w, first_value(event) OVER w FROM events WHERE "
     "district = 'd1' WINDOW w AS (PARTITION BY person_id ORDER BY event_at, uuid)", None),
    ("first event of each", "SELECT person_id, event, event_at FROM (SELECT *, row_number() OVER (PARTITION BY person_id "
     "ORDER BY event_at, uuid) AS r FROM (SELECT person_id, event, event_at, uuid FROM events) y) x WHERE r = 1", None),
    ("funnel by hand", "WITH s AS (SELECT person_id, min(event_at) AS t FROM events WHERE event = 'START' GROUP BY 1), "
     "f AS (SELECT s.person_id, min(e.event_at) AS t FROM s JOIN events e ON e.person_id = s.person_id AND e.event = 'SEARCH' "
     "AND e.event_at > s.t GROUP BY 1) SELECT (SELECT count(*) FROM s) AS began, (SELECT count(*) FROM f) AS went_on", None),
    ("rollup", "SELECT event, \"$os\", count(*) FROM events GROUP BY ROLLUP (event, \"$os\")", None),
    ("grouping sets", "SELECT event, \"$os\", count(*) FROM events GROUP BY GROUPING SETS ((event), (\"$os\"), ())", None),
    ("texts together", "SELECT event, string_agg(DISTINCT district, ',' ORDER BY district) FROM events GROUP BY event", None),
    ("distinct on", "SELECT DISTINCT ON (district) district, event_at, uuid FROM events ORDER BY district, event_at, uuid", None),
    ("values", "SELECT v.d, count(*) FROM (VALUES ('d1'), ('d2')) AS v(d) JOIN events e ON e.district = v.d GROUP BY 1", None),
    ("booleans and nulls", "SELECT \"isNew\" IS TRUE, \"isNew\" IS NULL, amount IS DISTINCT FROM 5, count(*) FROM events GROUP BY 1, 2, 3", None),
    ("null order", "SELECT DISTINCT mixed FROM events ORDER BY mixed DESC NULLS LAST", None),
    ("an empty answer", "SELECT event, sum(amount) FROM events WHERE event = 'none' GROUP BY event", None),
    ("aggregate of nothing", "SELECT count(*), sum(amount), max(event) FROM events WHERE event = 'none'", None),
]

VIEW = """
CREATE VIEW events AS SELECT
  CAST(uuid_text AS VARCHAR) AS uuid, event, timezone('UTC', event_at) AS event_at, e.distinct_id, ids.person_id, session_id,
  "p.edata.pageid" AS "edata.pageid", "p.district" AS district, "p.$os" AS "$os", "p.amount" AS amount, "p.isNew" AS "isNew",
  "p.tags" AS tags, {mixed} AS mixed
FROM (SELECT *, lower(concat(substr(hex(uuid), 1, 8), '-', substr(hex(uuid), 9, 4), '-', substr(hex(uuid), 13, 4), '-',
      substr(hex(uuid), 17, 4), '-', substr(hex(uuid), 21))) AS uuid_text
      FROM read_parquet({files}, union_by_name = true)) e JOIN ids ON e.distinct_id = ids.distinct_id
"""


def mixed_column(files):
    """The columns of the key `mixed`, in the canonical text of each kind.

    A name without `#` is of whichever kind came first in its file, so any column may hold numbers, which have no `.0`.
    """
    names = [row[0] for row in duckdb.sql(f"SELECT DISTINCT name FROM parquet_schema({files!r})").fetchall()]
    parts = [f"regexp_replace(CAST(\"{name}\" AS VARCHAR), '^(-?[0-9]+)\\.0$', '\\1')"
             for name in sorted(name for name in names if name.split("#")[0] == "p.mixed")]
    return f"coalesce({', '.join(parts)})"


def ask(url, sql):
    body = json.dumps({"sql": sql, "rows_max": 1_000_000}).encode()
    request = urllib.request.Request(f"{url}/api/projects/1/sql", body, {"Authorization": f"Bearer {TOKEN}"})
    try:
        with urllib.request.urlopen(request) as response:
            answer = json.load(response)
    except urllib.error.HTTPError as error:
        raise AssertionError(f"{sql}\n{error.code}: {error.read().decode()}") from None
    assert not answer["truncated"] and not answer["warnings"], answer
    return answer


def theirs_of(value):
    """A value of DuckDB as the API would show it."""
    if isinstance(value, datetime.datetime):
        text = value.isoformat()
        return (text.rstrip("0") if "." in text else text)
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, decimal.Decimal):
        return float(value)
    return value


def ours_of(value, kind):
    if kind == "timestamp" and value is not None:
        text = value.removesuffix("Z")
        return text.rstrip("0") if "." in text else text
    return int(value) if kind == "integer" and isinstance(value, str) else value


def same(mine, theirs):
    if isinstance(mine, (int, float)) and isinstance(theirs, (int, float)) and not isinstance(mine, bool):
        # Sums of doubles depend on their order in the last bits.
        return mine == theirs or math.isclose(mine, theirs, rel_tol=1e-12, abs_tol=1e-9)
    return type(mine) is type(theirs) and mine == theirs


def key(row):
    return [(value is not None, type(value).__name__ if isinstance(value, str) else "", 
             round(value, 6) if isinstance(value, float) else value if value is not None else 0) for value in row]


def check(name, sql, answer, rows):
    kinds = [column["type"] for column in answer["columns"]]
    mine = [[ours_of(value, kind) for value, kind in zip(row, kinds)] for row in answer["rows"]]
    theirs = [[theirs_of(value) for value in row] for row in rows]
    if "ORDER BY" not in sql.rsplit(")", 1)[-1]:
        mine.sort(key=key)
        theirs.sort(key=key)
    assert len(mine) == len(theirs), f"{name}: {len(mine)} rows and DuckDB's {len(theirs)}\n{sql}"
    for index, (a, b) in enumerate(zip(mine, theirs)):
        assert len(a) == len(b) and all(map(same, a, b)), f"{name}, row {index}:\n{a}\n{b}\n{sql}"
    return sum(map(len, mine))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--events", type=int, default=200_000)
    parser.add_argument("--binary", default="target/release/telemetry")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        run(options, folder)


def run(options, folder):
    data = os.path.join(folder, "data")
    environment = {
        **os.environ,
        "TELEMETRY_INIT_EMAIL": "bench@example.org",
        "TELEMETRY_INIT_PASSWORD": "only for this run",
        "TELEMETRY_INIT_PROJECT": "bench",
        "TELEMETRY_INIT_LEVEL": "full",
        "TELEMETRY_INIT_TOKEN": TOKEN,
        "TELEMETRY_LOG": "warn",
    }

    def serve():
        server = subprocess.Popen([options.binary, "serve", "--data", data, "--listen", "127.0.0.1:0"],
                                  env=environment, stdout=subprocess.PIPE, text=True)
        return server, server.stdout.readline().split()[-1]

    server, url = serve()
    server.terminate()
    server.wait()
    file = os.path.join(folder, "events.jsonl")
    person_of = write_events(file, options.events)
    summary = json.loads(subprocess.check_output(
        [options.binary, "--json", "--data", data, "import", "--project", "1", "--format", "native", file]
    ))
    assert summary["stored"] == options.events, summary
    files = glob.glob(os.path.join(data, "segments", "**", "*.parquet"), recursive=True)
    connection = duckdb.connect()
    connection.execute("SET threads = 2; SET TimeZone = 'UTC'")
    connection.execute("CREATE TABLE ids (distinct_id VARCHAR, person_id VARCHAR)")
    connection.executemany("INSERT INTO ids VALUES (?, ?)", sorted(person_of.items()))
    connection.execute("CREATE VIEW distinct_ids AS SELECT * FROM ids")
    connection.execute("CREATE VIEW persons AS SELECT DISTINCT person_id FROM ids")
    connection.execute(VIEW.format(files=files, mixed=mixed_column(files)))
    server, url = serve()
    try:
        cells = 0
        for name, sql, other in QUERIES:
            start = time.perf_counter()
            answer = ask(url, sql)
            mine = (time.perf_counter() - start) * 1e3
            rows = connection.execute(other or sql).fetchall()
            equal = check(name, sql, answer, rows)
            cells += equal
            print(f"equal  {name}: {len(rows)} rows, {equal} cells, {mine:.0f} ms")
        print(f"{len(QUERIES)} queries, {cells:,} cells of {options.events:,} events in {len(files)} files: all equal "
              f"(DuckDB {duckdb.__version__})")
    finally:
        server.terminate()
        server.wait()


if __name__ == "__main__":
    main()
