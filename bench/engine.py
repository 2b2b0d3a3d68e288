"""The insights against DuckDB and chdb (ClickHouse's engine) on the same events, answers checked equal.

    pip install chdb==4.4.0
    python bench/engine.py [--events 20000000] [--binary target/release/telemetry] [--folder DIR] [--only NAME,…]

Makes N events of a fixed rule: 90 days, N/100 persons, visits of ten events, 40 event names, 2 000 urls. Ours come in
through `telemetry import` (gate, WAL, flush, merges); each peer gets the layout that suits it best: chdb a MergeTree by
day, event, person as PostHog has it, DuckDB a native table with enums in that order, both with a number for a person
where we were given a text. Two threads each, medians of 5, in one run; `first` is the first answer after a restart with
the page cache dropped. Prints Markdown. With --folder the data is kept and found again.
"""

import argparse
import glob
import json
import os
import shutil
import statistics
import subprocess
import tempfile
import time
import urllib.request

import duckdb

import persons
import trends

START = 1_767_571_200  # Monday 2026-01-05, UTC
DAYS = 90
WINDOW_US = 14 * 86_400_000_000
WEEK_US = 7 * 86_400_000_000
CHUNK = 5_000_000

# u(k): the k-th number in [0, 1) that belongs to row i.
EVENTS_SQL = """
CREATE MACRO u(i, k) AS (hash(i * 16 + k) >> 11) / 9007199254740992.0;
CREATE VIEW made AS
WITH visits AS (SELECT i, i // 10 AS visit, i % 10 AS place FROM range($from, $to) t(i))
SELECT i,
       floor($persons * pow(u(visit, 1), 2))::UBIGINT AS person,
       ($start + u(visit, 2) * ($days * 86400 - 3600))::BIGINT * 1000000 + place * 240000000
         + floor(u(i, 3) * 239000000)::BIGINT AS moment,
       'e' || (1 + floor(40 * pow(u(i, 4), 2.5)))::INT AS event,
       '/page/' || floor(2000 * pow(u(i, 5), 3))::INT AS url,
       'b' || floor(8 * pow(u(visit, 6), 2))::INT AS browser,
       'c' || floor(30 * pow(u(visit, 7), 2))::INT AS country,
       CASE WHEN i % 7 = 0 THEN floor(u(i, 8) * 40000) / 4 END AS amount
FROM visits
"""

LINES_SQL = """
COPY (SELECT printf('%032x', i) AS uuid, event, moment AS event_at, 'p' || person AS distinct_id,
             struct_pack(url := url, browser := browser, country := country, amount := amount) AS properties FROM made)
TO '$file' (FORMAT JSON)
"""


class Ours:
    """The server on a data directory of its own."""

    def __init__(self, options):
        self.options, self.data = options, os.path.join(options.folder, "data")
        self.process = None

    def load(self, count):
        done = os.path.join(self.data, "loaded")
        if os.path.exists(done):
            return
        self.start()
        patch = urllib.request.Request(f"{self.url}/api/projects/1", b'{"time_zone":"UTC"}',
                                       {"Authorization": f"Bearer {trends.TOKEN}"}, method="PATCH")
        urllib.request.urlopen(patch).close()
        self.stop()
        began = time.perf_counter()
        for first in range(0, count, CHUNK):
            file = os.path.join(self.options.folder, "events.jsonl")
            with duckdb.connect() as maker:
                make(maker, first, min(first + CHUNK, count), count)
                maker.execute(LINES_SQL.replace("$file", file))
            summary = json.loads(subprocess.check_output([
                self.options.binary, "--json", "--data", self.data, "import", "--project", "1", "--format", "native", file,
            ]))
            assert summary["stored"] == min(CHUNK, count - first), summary
            os.remove(file)
        print(f"loaded with the making of the lines in {time.perf_counter() - began:.0f} s")
        open(done, "w").close()

    def start(self):
        environment = {
            **os.environ,
            "TELEMETRY_INIT_EMAIL": "bench@example.org", "TELEMETRY_INIT_PASSWORD": "only for this run",
            "TELEMETRY_INIT_PROJECT": "bench", "TELEMETRY_INIT_LEVEL": "full", "TELEMETRY_INIT_TOKEN": trends.TOKEN,
            "TELEMETRY_LOG": "warn", "TELEMETRY_QUERY_THREADS": "2", "TELEMETRY_ANSWER_CACHE_BYTES": "0",
            **dict(self.options.set),
        }
        self.process = subprocess.Popen([self.options.binary, "serve", "--data", self.data, "--listen", "127.0.0.1:0"],
                                        env=environment, stdout=subprocess.PIPE, text=True)
        self.url = self.process.stdout.readline().split()[-1]

    def stop(self):
        self.process.terminate()
        self.process.wait()

    def ask(self, question):
        return persons.ask(self.url, question)

    def resident_mib(self):
        with open(f"/proc/{self.process.pid}/status") as status:
            return next(int(line.split()[1]) for line in status if line.startswith("VmHWM")) // 1024

    def bytes(self):
        return sum(os.path.getsize(path) for path in glob.glob(f"{self.data}/segments/**/*.parquet", recursive=True))


def make(connection, first, end, count):
    values = {"from": first, "to": end, "persons": max(count // 100, 10), "start": START, "days": DAYS}
    sql = EVENTS_SQL
    for name, value in values.items():
        sql = sql.replace(f"${name}", str(value))
    connection.execute(sql)


class Duck:
    def __init__(self, options):
        self.path = os.path.join(options.folder, "duck.db")
        self.connection = None

    def load(self, count):
        fresh = not os.path.exists(self.path)
        self.start()
        if not fresh:
            return
        make(self.connection, 0, count, count)
        for column in ("event", "url", "browser", "country"):
            self.connection.execute(f"CREATE TYPE {column}_t AS ENUM (SELECT DISTINCT {column} FROM made ORDER BY 1)")
        self.connection.execute(
            "CREATE TABLE events AS SELECT person, make_timestamp(moment) AS moment, event::event_t AS event, url::url_t AS url, "
            "browser::browser_t AS browser, country::country_t AS country, amount FROM made "
            "ORDER BY make_timestamp(moment)::DATE, event::event_t, person")
        self.connection.execute("CHECKPOINT")

    def start(self):
        self.connection = duckdb.connect(self.path)
        self.connection.execute("SET threads = 2; SET TimeZone = 'UTC'")

    def stop(self):
        self.connection.close()

    def ask(self, sql):
        return self.connection.execute(sql).fetchall()

    def bytes(self):
        return os.path.getsize(self.path)


class Chdb:
    def __init__(self, options):
        self.folder = os.path.join(options.folder, "chdb")
        self.parquet = os.path.join(options.folder, "events.parquet")
        self.session = None

    def load(self, count):
        fresh = not os.path.exists(self.folder)
        self.start()
        if not fresh:
            return
        with duckdb.connect() as maker:
            make(maker, 0, count, count)
            maker.execute(f"COPY (SELECT * EXCLUDE i FROM made) TO '{self.parquet}' (FORMAT PARQUET)")
        self.ask("CREATE DATABASE db ENGINE = Atomic")
        self.ask("CREATE TABLE db.events (person UInt64, moment DateTime64(6, 'UTC'), event LowCardinality(String), "
                 "url LowCardinality(String), browser LowCardinality(String), country LowCardinality(String), "
                 "amount Nullable(Float64)) ENGINE = MergeTree PARTITION BY toYYYYMM(moment) "
                 "ORDER BY (toDate(moment), event, person)")
        self.ask("INSERT INTO db.events SELECT person, fromUnixTimestamp64Micro(moment, 'UTC'), event, url, browser, country, "
                 f"amount FROM file('{self.parquet}', Parquet)")
        self.ask("OPTIMIZE TABLE db.events FINAL")
        os.remove(self.parquet)

    def start(self):
        from chdb import session
        self.session = session.Session(self.folder)
        self.ask("SET max_threads = 2")

    def stop(self):
        self.session.close()

    def ask(self, sql):
        answer = self.session.query(sql, "JSONCompactEachRow").bytes()
        return [tuple(json.loads(line)) for line in answer.splitlines() if line.strip()]

    def bytes(self):
        return int(self.ask("SELECT sum(bytes_on_disk) FROM system.parts WHERE table = 'events' AND active")[0][0])


WEEK_DUCK = f"((epoch_us(moment) - {START}000000) // {WEEK_US})::INT"
WEEK_CHDB = f"toUInt8(intDiv(toUnixTimestamp64Micro(moment) - {START}000000, {WEEK_US}))"

FUNNEL_DUCK = f"""
WITH a AS (SELECT person AS p, epoch_us(moment) AS t FROM events WHERE event = 'e1'),
b AS (SELECT x.p, x.t, a.t AS s FROM (SELECT person AS p, epoch_us(moment) AS t FROM events WHERE event = 'e3') x
      ASOF JOIN a ON x.p = a.p AND x.t > a.t WHERE x.t - a.t <= {WINDOW_US}),
c AS (SELECT x.p FROM (SELECT person AS p, epoch_us(moment) AS t FROM events WHERE event = 'e6') x
      ASOF JOIN b ON x.p = b.p AND x.t > b.t WHERE x.t - b.s <= {WINDOW_US})
SELECT (SELECT count(DISTINCT p) FROM a), (SELECT count(DISTINCT p) FROM b), (SELECT count(DISTINCT p) FROM c)
"""
FUNNEL_CHDB = f"""
SELECT countIf(level >= 1), countIf(level >= 2), countIf(level >= 3) FROM (
  SELECT windowFunnel({WINDOW_US})(toUInt64(toUnixTimestamp64Micro(moment)), event = 'e1', event = 'e3', event = 'e6') AS level
  FROM db.events WHERE event IN ('e1', 'e3', 'e6') GROUP BY person)
"""
MASKS_DUCK = f"(SELECT mask, count(*) AS n FROM (SELECT person, bit_or(1 << {WEEK_DUCK}) AS mask FROM events $where GROUP BY person) GROUP BY mask)"
MASKS_CHDB = f"(SELECT mask, count() AS n FROM (SELECT person, groupBitOr(bitShiftLeft(toUInt32(1), {WEEK_CHDB})) AS mask FROM db.events $where GROUP BY person) GROUP BY mask)"
RETENTION_DUCK = f"""
SELECT i, j, sum(n)::BIGINT FROM {MASKS_DUCK.replace("$where", "WHERE event = 'e1'")}, range(12) a(i), range(12) b(j)
WHERE i + j < 12 AND (mask >> i::INT) & 1 = 1 AND (mask >> (i + j)::INT) & 1 = 1 GROUP BY i, j
"""
RETENTION_CHDB = f"""
SELECT i, j, toInt64(sum(n)) FROM (SELECT i, arrayJoin(range(toUInt8(12 - i))) AS j, mask, n
  FROM (SELECT arrayJoin(range(toUInt8(12))) AS i, mask, n FROM {MASKS_CHDB.replace("$where", "WHERE event = 'e1'")}))
WHERE bitTest(mask, i) AND bitTest(mask, i + j) GROUP BY i, j
"""
LIFECYCLE_DUCK = f"""
SELECT i, sum(CASE WHEN cur AND low = 0 THEN n ELSE 0 END)::BIGINT, sum(CASE WHEN cur AND prev THEN n ELSE 0 END)::BIGINT,
       sum(CASE WHEN cur AND NOT prev AND low <> 0 THEN n ELSE 0 END)::BIGINT,
       sum(CASE WHEN NOT cur AND prev THEN n ELSE 0 END)::BIGINT
FROM (SELECT i, n, (mask >> i::INT) & 1 = 1 AS cur, i > 0 AND (mask >> (greatest(i, 1) - 1)::INT) & 1 = 1 AS prev,
             mask & ((1 << i::INT) - 1) AS low FROM {MASKS_DUCK.replace("$where", "")}, range(13) a(i)) GROUP BY i
"""
LIFECYCLE_CHDB = f"""
SELECT i, toInt64(sumIf(n, cur AND low = 0)), toInt64(sumIf(n, cur AND prev)), toInt64(sumIf(n, cur AND NOT prev AND low != 0)),
       toInt64(sumIf(n, NOT cur AND prev))
FROM (SELECT arrayJoin(range(toUInt8(13))) AS i, bitTest(mask, i) = 1 AS cur,
             i > 0 AND bitTest(mask, toUInt8(greatest(i, 1) - 1)) = 1 AS prev,
             bitAnd(mask, bitShiftLeft(toUInt32(1), i) - 1) AS low, n FROM {MASKS_CHDB.replace("$where", "")}) GROUP BY i
"""
PATHS_DUCK = persons.PATHS_SQL.replace("distinct_id", "person").replace("event_at", "moment").replace(
    "FROM e\n", "FROM (SELECT person, event::VARCHAR AS event, moment FROM events)\n")
PATHS_CHDB = """
WITH marked AS (SELECT person, event, moment, moment - lagInFrame(moment) OVER w >= 1800 OR row_number() OVER w = 1 AS begins FROM db.events
                WINDOW w AS (PARTITION BY person ORDER BY moment ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)),
numbered AS (SELECT person, event, moment, sum(begins) OVER (PARTITION BY person ORDER BY moment
                    ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS path FROM marked),
changes AS (SELECT person, event, moment, path, lagInFrame(event) OVER (PARTITION BY person, path ORDER BY moment
                   ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS before FROM numbered),
items AS (SELECT person, path, event, row_number() OVER (PARTITION BY person, path ORDER BY moment) AS position
          FROM changes WHERE before != event),
edges AS (SELECT position, event AS source, leadInFrame(event) OVER (PARTITION BY person, path ORDER BY position
                 ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) AS target FROM items WHERE position <= 5)
SELECT toString(position) || '_' || source AS s, toString(position + 1) || '_' || target AS t, count() AS n
FROM edges WHERE target != '' AND position < 5 GROUP BY s, t ORDER BY n DESC, s, t LIMIT 50
"""

WHOLE = {"date_from": "2026-01-05", "date_to": "2026-04-04"}


def of_trend(answer):
    return sorted((day, *([value] if value else []), int(count)) for (day, value), count in trends.ours(answer).items())


def of_urls(answer):
    totals = {}
    for (_, url), count in trends.ours(answer).items():
        totals[url] = totals.get(url, 0) + int(count)
    totals.pop("(other)", None)
    return sorted(totals.items(), key=lambda pair: (-pair[1], pair[0]))


def reached(rows):
    """Edges that others lead to, as docs/semantics/paths.md has it: a path begins at its first step."""
    kept = [(source, target, int(count)) for source, target, count in rows]
    while True:
        targets = {target for _, target, _ in kept}
        fewer = [edge for edge in kept if edge[0].startswith("1_") or edge[0] in targets]
        if len(fewer) == len(kept):
            return kept
        kept = fewer


def of_lifecycle(answer):
    statuses = ("new", "returning", "resurrecting", "dormant")
    rows = [(week, *(abs(int(answer[status][week])) for status in statuses)) for week in range(len(answer["buckets"]))]
    return sorted(rows)


def dated(rows):
    return sorted((str(row[0]), *row[1:-1], int(row[-1])) for row in rows)


# Name: our question, its answer as rows, DuckDB's SQL, chdb's SQL, their rows as ours.
QUESTIONS = {
    "daily trend, total": (
        {"kind": "trends", "series": [{"event": "e1"}], **WHOLE}, of_trend,
        "SELECT moment::DATE, count(*) FROM events WHERE event = 'e1' GROUP BY 1",
        "SELECT toDate(moment) AS d, count() FROM db.events WHERE event = 'e1' GROUP BY d", dated),
    "daily unique persons": (
        {"kind": "trends", "series": [{"event": "e1", "math": "dau"}], **WHOLE}, of_trend,
        "SELECT moment::DATE, count(DISTINCT person) FROM events WHERE event = 'e1' GROUP BY 1",
        "SELECT toDate(moment) AS d, uniqExact(person) FROM db.events WHERE event = 'e1' GROUP BY d", dated),
    "trend by browser, top 25": (
        {"kind": "trends", "series": [{"event": "e1"}], "breakdown": {"property": "browser"}, **WHOLE}, of_trend,
        "SELECT moment::DATE, browser::VARCHAR, count(*) FROM events WHERE event = 'e1' GROUP BY 1, browser",
        "SELECT toDate(moment) AS d, browser, count() FROM db.events WHERE event = 'e1' GROUP BY d, browser", dated),
    "3-step ordered funnel, 14 d": (
        {"kind": "funnel", "steps": [{"event": name} for name in ("e1", "e3", "e6")], **WHOLE}, persons.of_funnel,
        FUNNEL_DUCK, FUNNEL_CHDB, lambda rows: [tuple(map(int, row)) for row in rows]),
    "weekly retention, 12 weeks": (
        {"kind": "retention", "start_event": {"event": "e1"}, "period": "week", "intervals": 12, "date_to": "2026-03-29"},
        persons.of_retention, RETENTION_DUCK, RETENTION_CHDB, lambda rows: sorted(tuple(map(int, row)) for row in rows)),
    "top 50 paths in sessions": (
        {"kind": "paths", "kinds": ["events"], "limit": 50, **WHOLE}, persons.of_paths,
        PATHS_DUCK, PATHS_CHDB, reached),
    "filter country and amount, by url": (
        {"kind": "trends", "series": [{"event": None}], "breakdown": {"property": "url"}, "filters": [
            {"property": "country", "operator": "exact", "value": ["c3"]},
            {"property": "amount", "operator": "gt", "value": 10}], **WHOLE}, of_urls,
        "SELECT url::VARCHAR, count(*) AS n FROM events WHERE country = 'c3' AND amount > 10 GROUP BY url ORDER BY n DESC, 1 LIMIT 25",
        "SELECT url, count() AS n FROM db.events WHERE country = 'c3' AND amount > 10 GROUP BY url ORDER BY n DESC, url LIMIT 25",
        lambda rows: [(url, int(count)) for url, count in rows]),
    "lifecycle by week": (
        {"kind": "lifecycle", "series": {"event": None}, "interval": "week", "date_from": "2026-01-05", "date_to": "2026-04-05"},
        of_lifecycle, LIFECYCLE_DUCK, LIFECYCLE_CHDB, lambda rows: sorted(tuple(map(int, row)) for row in rows)),
}


def drop_page_cache():
    try:
        os.sync()
        with open("/proc/sys/vm/drop_caches", "w") as file:
            file.write("3")
    except OSError:
        print("the page cache cannot be dropped here: `first` is warmer than it should be")


def timed(work, repeats):
    times = []
    for _ in range(repeats):
        began = time.perf_counter()
        answer = work()
        times.append((time.perf_counter() - began) * 1e3)
        if times[-1] > 20_000:
            break
    return statistics.median(times), answer


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--events", type=int, default=20_000_000)
    parser.add_argument("--binary", default="target/release/telemetry")
    parser.add_argument("--folder")
    parser.add_argument("--only", default="")
    parser.add_argument("--peers", default="duckdb,chdb")
    parser.add_argument("--set", action="append", default=[], type=lambda text: text.split("=", 1),
                        help="a setting of the server, as TELEMETRY_NAME=VALUE")
    options = parser.parse_args()
    kept, options.folder = options.folder, options.folder or tempfile.mkdtemp()
    os.makedirs(options.folder, exist_ok=True)
    try:
        run(options)
    finally:
        if not kept:
            shutil.rmtree(options.folder)


def run(options):
    ours = Ours(options)
    ours.load(options.events)
    peers = {name: made(options) for name, made in (("duckdb", Duck), ("chdb", Chdb)) if name in options.peers.split(",")}
    for peer in peers.values():
        peer.load(options.events)
    sizes = ", ".join(f"{name} {peer.bytes() / options.events:.1f}" for name, peer in peers.items())
    print(f"{options.events:,} events; bytes per event: Telemetry {ours.bytes() / options.events:.1f}, {sizes} (no uuid)\n")
    for peer in peers.values():
        peer.stop()
    titles = [f"{name} {what}" for name in ("Telemetry", *peers) for what in ("first", "warm")]
    print("| question | " + " | ".join(titles) + " | " + " | ".join(f"{name}, warm" for name in peers) + " | the faster, first |")
    print("|---" * (len(titles) + len(peers) + 2) + "|")
    only = [name for name in options.only.split(",") if name]
    for name, (question, of_ours, *sqls, as_ours) in QUESTIONS.items():
        if only and not any(part in name for part in only):
            continue
        drop_page_cache()
        ours.start()
        first, answer = timed(lambda: ours.ask(question), 1)
        warm, _ = timed(lambda: ours.ask(question), 5)
        resident = ours.resident_mib()
        ours.stop()
        mine, times = of_ours(answer), []
        for (peer_name, peer), sql in zip(peers.items(), [sql for key, sql in zip(("duckdb", "chdb"), sqls) if key in peers]):
            drop_page_cache()
            peer.start()
            cold, rows = timed(lambda: peer.ask(sql), 1)
            warmed, _ = timed(lambda: peer.ask(sql), 5)
            peer.stop()
            expected = as_ours(rows)
            assert mine == expected, f"{name}, {peer_name}: {sorted(set(mine) - set(expected))[:9]} and {sorted(set(expected) - set(mine))[:9]}"
            times.append((cold, warmed))
        figures = " | ".join(f"{value:.1f}" for pair in [(first, warm), *times] for value in pair)
        ratios = " | ".join(f"{warmed / warm:.1f}×" for _, warmed in times)
        fastest = f"{min(cold for cold, _ in times) / first:.1f}×" if times else "–"
        print(f"| {name} | {figures} | {ratios} | {fastest} |  <!-- {resident} MiB -->", flush=True)


if __name__ == "__main__":
    main()
