"""Trends against DuckDB on the same Parquet files, in one run, answers checked equal.

    python bench/trends.py [--events N] [--binary target/release/telemetry]

Makes N events of a seed, imports them with `telemetry import` (gate, WAL, flush: the real way in), asks the running
server over HTTP, and asks DuckDB the same of the segment files. Both with 2 threads. Prints Markdown.
"""

import argparse
import glob
import json
import os
import random
import statistics
import subprocess
import tempfile
import time
import urllib.request

import duckdb

TOKEN = "tmp_bench_token"
DAYS = 90
START = 1_767_225_600  # 2026-01-01T00:00:00Z
REPEATS = 5


def write_events(path, count, seed=20_260):
    """Writes `count` events as native JSON lines: zipf-like persons and pages, 40 names, numbers on some."""
    rng = random.Random(seed)
    persons = max(count // 100, 10)
    names = ["IMPRESSION", "INTERACT", "START", "END"] + [f"event {n}" for n in range(36)]
    weights = [1 / (rank + 1) for rank in range(len(names))]
    pages = [f"page-{n}" for n in range(200)]
    page_weights = [1 / (rank + 1) for rank in range(len(pages))]
    chosen_names = rng.choices(names, weights, k=count)
    chosen_pages = rng.choices(pages, page_weights, k=count)
    with open(path, "w", encoding="utf-8") as out:
        for n in range(count):
            at = (START + rng.randrange(DAYS * 86_400)) * 1_000_000 + n % 1_000_000
            person = int(persons * rng.random() ** 2)
            properties = {"page": chosen_pages[n], "district": f"d{person % 12}"}
            if n % 7 == 0:
                properties["amount"] = rng.randrange(1, 10_000) / 4
            row = {
                "uuid": f"{rng.getrandbits(128):032x}",
                "event": chosen_names[n],
                "event_at": at,
                "distinct_id": f"p{person}",
                "properties": properties,
            }
            out.write(json.dumps(row) + "\n")


QUESTIONS = {
    "daily total": (
        {"series": [{"event": "IMPRESSION"}]},
        "SELECT day, count(*) v FROM e WHERE event = 'IMPRESSION' GROUP BY day",
    ),
    "daily unique persons": (
        {"series": [{"event": "IMPRESSION", "math": "dau"}]},
        "SELECT day, count(DISTINCT distinct_id) v FROM e WHERE event = 'IMPRESSION' GROUP BY day",
    ),
    "daily median of a number": (
        {"series": [{"event": None, "math": "median", "property": "amount"}]},
        "SELECT day, quantile_cont(\"p.amount\", 0.5) v FROM e WHERE \"p.amount\" IS NOT NULL GROUP BY day",
    ),
    "filter on two properties": (
        {
            "series": [{"event": "IMPRESSION"}],
            "filters": [
                {"property": "district", "operator": "exact", "value": ["d3", "d4"]},
                {"property": "page", "operator": "icontains", "value": "page-1"},
            ],
        },
        "SELECT day, count(*) v FROM e WHERE event = 'IMPRESSION' AND \"p.district\" IN ('d3', 'd4') "
        "AND \"p.page\" ILIKE '%page-1%' GROUP BY day",
    ),
    "breakdown by page, top 25": (
        {"series": [{"event": "IMPRESSION"}], "breakdown": {"property": "page"}},
        "SELECT day, \"p.page\" b, count(*) v FROM e WHERE event = 'IMPRESSION' GROUP BY day, b",
    ),
}


def ask(url, question):
    body = json.dumps({"kind": "trends", "date_from": "2026-01-01", "date_to": "2026-03-31", **question}).encode()
    request = urllib.request.Request(f"{url}/api/projects/1/query", body, {"Authorization": f"Bearer {TOKEN}"})
    with urllib.request.urlopen(request) as response:
        return json.load(response)


def median_ms(work):
    times = []
    for _ in range(REPEATS):
        start = time.perf_counter()
        result = work()
        times.append((time.perf_counter() - start) * 1e3)
    return statistics.median(times), result


def ours(answer):
    """{(day, breakdown value or None): number}; nulls and zeros left out."""
    days = [bucket["label"] for bucket in answer["buckets"]]
    return {
        (day, series.get("breakdown_value")): value
        for series in answer["series"]
        for day, value in zip(days, series["data"])
        if value
    }


def check_equal(name, answer, rows):
    mine = ours(answer)
    kept = {series.get("breakdown_value") for series in answer["series"]}
    theirs = {}
    for row in rows:
        value = row[1] if len(row) == 3 else None
        if value is not None and value not in kept:
            value = "(other)"
        key = (str(row[0]), value)
        theirs[key] = theirs.get(key, 0) + row[-1]
    assert mine.keys() == theirs.keys(), f"{name}: different cells"
    for key, value in theirs.items():
        assert abs(mine[key] - value) <= 1e-9 * max(1.0, abs(value)), f"{name} {key}: {mine[key]} and {value}"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--events", type=int, default=1_000_000)
    parser.add_argument("--binary", default="target/release/telemetry")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        run(options, folder)


def prepare(options, folder, write=write_events):
    """Imports events the real way; gives a function that starts the server, and DuckDB on the same files."""
    data = os.path.join(folder, "data")
    environment = {
        **os.environ,
        "TELEMETRY_INIT_EMAIL": "bench@example.org",
        "TELEMETRY_INIT_PASSWORD": "only for this run",
        "TELEMETRY_INIT_PROJECT": "bench",
        "TELEMETRY_INIT_LEVEL": "full",
        "TELEMETRY_INIT_TOKEN": TOKEN,
        "TELEMETRY_LOG": "warn",
        "TELEMETRY_QUERY_THREADS": "2",
        "TELEMETRY_ANSWER_CACHE_BYTES": "0",
    }

    def serve():
        server = subprocess.Popen(
            [options.binary, "serve", "--data", data, "--listen", "127.0.0.1:0"],
            env=environment, stdout=subprocess.PIPE, text=True,
        )
        return server, server.stdout.readline().split()[-1]

    server, url = serve()
    server.terminate()
    server.wait()
    # The project's days in UTC, so that DuckDB's are the same.
    server, url = serve()
    patch = urllib.request.Request(
        f"{url}/api/projects/1", b'{"time_zone":"UTC"}', {"Authorization": f"Bearer {TOKEN}"}, method="PATCH"
    )
    urllib.request.urlopen(patch).close()
    server.terminate()
    server.wait()

    file = os.path.join(folder, "events.jsonl")
    write(file, options.events)
    start = time.perf_counter()
    summary = json.loads(subprocess.check_output(
        [options.binary, "--json", "--data", data, "import", "--project", "1", "--format", "native", file]
    ))
    import_s = time.perf_counter() - start
    assert summary["stored"] == options.events, summary

    files = glob.glob(os.path.join(data, "segments", "**", "*.parquet"), recursive=True)
    size = sum(os.path.getsize(path) for path in files)
    connection = duckdb.connect()
    connection.execute("SET threads = 2; SET TimeZone = 'UTC'")
    connection.execute(
        "CREATE VIEW e AS SELECT *, strftime(event_at, '%Y-%m-%d') AS day "
        "FROM read_parquet($files, union_by_name = true)".replace("$files", repr(files))
    )
    print(f"{options.events:,} events; import {import_s:.1f} s ({options.events / import_s:,.0f} events/s); "
          f"{len(files)} segment files, {size / options.events:.1f} bytes per event; DuckDB {duckdb.__version__}\n")
    return serve, connection


def run(options, folder):
    serve, connection = prepare(options, folder)
    print("| question | Telemetry ms | DuckDB on the same files ms | ratio |")
    print("|---|---|---|---|")
    server, url = serve()
    try:
        for name, (question, sql) in QUESTIONS.items():
            mine, answer = median_ms(lambda: ask(url, question))
            theirs, rows = median_ms(lambda: connection.execute(sql).fetchall())
            check_equal(name, answer, rows)
            print(f"| {name} | {mine:.1f} | {theirs:.1f} | {theirs / mine:.1f}× |")
        status = open(f"/proc/{server.pid}/status", encoding="ascii").read()
        resident = next(line for line in status.splitlines() if line.startswith("VmRSS")).split()[1]
        print(f"\nresident memory of the server afterwards: {int(resident) / 1024:.0f} MiB")
    finally:
        server.terminate()
        server.wait()


if __name__ == "__main__":
    main()
