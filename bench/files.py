"""Import and export: time, CPU, and whether everything that comes out is what went in.

    python bench/files.py [--events N] [--binary target/release/telemetry]

Makes N events of a seed as JSON lines (30 properties of every kind, like those of a school app), imports them, exports
them as JSON lines, CSV and Parquet, and reads the files with Python and DuckDB: same events, same values. The JSON lines
are imported into a second directory and exported again: every line must be equal. Prints Markdown.
"""

import argparse
import csv
import json
import os
import random
import resource
import subprocess
import tempfile
import time

import duckdb

START = 1_767_225_600  # 2026-01-01T00:00:00Z
DAYS = 30
PAGES = ["home", "attendance", "marks", "homework", "exam-dates", "leave", "meetings", "notices"]


def write_events(path, count):
    """About 0.7 KB a line."""
    rng = random.Random(7)
    with open(path, "w", encoding="utf-8") as out:
        for n in range(count):
            at = START + rng.randrange(DAYS * 86_400)
            person = int(count / 30 * rng.random() ** 2)
            properties = {
                "ver": "3.0",
                "actor.type": "User",
                "context.channel": "hp-education",
                "context.env": rng.choice(PAGES),
                "context.pdata.id": "esamwad.app",
                "context.pdata.pid": "esamwad.android",
                "context.pdata.ver": f"4.{rng.randrange(9)}.{rng.randrange(9)}",
                "context.sid": f"s-{person}-{at // 3600}",
                "context.did": f"{person * 7919:032x}",
                "context.cdata": [{"id": str(rng.randrange(500)), "type": "School"}],
                "edata.type": "view",
                "edata.pageid": rng.choice(PAGES),
                "edata.uri": "/student/" + rng.choice(PAGES),
                "edata.duration": rng.randrange(1, 60_000) / 1000,
                "edata.visits": [],
                "edata.ok": rng.random() < 0.9,
                "district": rng.choice(["काँगड़ा", "मंडी", "Shimla", "Solan"]),
                "class": rng.randrange(1, 13),
                "section": rng.choice("ABCD"),
                "offline": rng.random() < 0.2,
                "device.ram_mb": rng.choice([1024, 2048, 3072, 4096]),
                "battery": rng.random(),
                "$device_id": f"{person * 7919:032x}",
            }
            if n % 50 == 0:
                properties |= {"big": 2**53 + 1 + n, "zero": -0.0, "large": 1e300, "note": "=1+1, \"quoted\"\nनमस्ते"}
            row = {
                "uuid": f"{rng.getrandbits(128):032x}",
                "event": rng.choice(["IMPRESSION", "INTERACT", "START", "END"]),
                "event_at": at * 1_000_000 + n % 1_000_000,
                "distinct_id": f"parent-{person}",
                "session_id": properties["context.sid"],
                "properties": properties,
            }
            out.write(json.dumps(row, ensure_ascii=False, separators=(",", ":")) + "\n")


def run(binary, data, *arguments):
    """Wall and CPU seconds of a command, and what it printed."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    started = time.monotonic()
    done = subprocess.run([binary, "--data", data, "--json", *arguments], check=True, stdout=subprocess.PIPE)
    wall = time.monotonic() - started
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime
    return wall, cpu, json.loads(done.stdout)


def set_up(binary, data):
    """A data directory with one project."""
    environment = os.environ | {
        "TELEMETRY_INIT_EMAIL": "bench@example.org",
        "TELEMETRY_INIT_PASSWORD": "not a real password",
        "TELEMETRY_INIT_ORGANIZATION": "Bench",
        "TELEMETRY_INIT_PROJECT": "bench",
        "TELEMETRY_INIT_LEVEL": "full",
    }
    command = [binary, "--data", data, "--json", "serve", "--listen", "127.0.0.1:0"]
    server = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    server.stdout.readline()
    server.terminate()
    server.wait(timeout=30)


def normal(line):
    row = json.loads(line)
    return row["uuid"].replace("-", ""), row


def as_exported(value):
    """Whole numbers go out without a fraction, as clients send them; the sign of zero stays."""
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53 and str(value) != "-0.0":
        return int(value)
    return value


def check_lines(sent_path, exported_path):
    """Every event once, with every property as it was sent."""
    with open(sent_path, encoding="utf-8") as lines:
        sent = dict(map(normal, lines))
    with open(exported_path, encoding="utf-8") as lines:
        for line in lines:
            uuid, row = normal(line)
            expected = sent.pop(uuid)
            assert row["properties"] == expected["properties"], (row, expected)
            wanted = {key: as_exported(value) for key, value in sorted(expected["properties"].items())}
            assert str(row["properties"]) == str(wanted), f"kinds and signs: {row} and {wanted}"
            for key in ("event", "distinct_id", "session_id"):
                assert row[key] == expected[key], (row, expected)
    assert not sent, f"{len(sent)} events were lost"


def check_table(sent_path, exported_path):
    with open(sent_path, encoding="utf-8") as lines:
        sent = {uuid: row["properties"] for uuid, row in map(normal, lines)}
    with open(exported_path, encoding="utf-8", newline="") as table:
        for row in csv.DictReader(table):
            assert json.loads(row["properties"]) == sent.pop(row["uuid"].replace("-", "")), row
    assert not sent, f"{len(sent)} events were lost"


def check_parquet(sent_path, parquet_path):
    """DuckDB counts, sums and groups the same in both files."""
    db = duckdb.connect()
    db.execute("SET TimeZone = 'UTC'")
    db.execute(f"CREATE VIEW p AS SELECT * FROM '{parquet_path}'")
    db.execute(
        f"CREATE VIEW j AS SELECT * FROM read_json('{sent_path}', format = 'newline_delimited', columns = "
        "{uuid: 'VARCHAR', event: 'VARCHAR', event_at: 'BIGINT', distinct_id: 'VARCHAR', session_id: 'VARCHAR', "
        "properties: 'JSON'})"
    )
    of = lambda key: f"properties ->> '$.\"{key}\"'"
    pairs = [
        ("SELECT count(*), count(DISTINCT uuid) FROM p", "SELECT count(*), count(DISTINCT uuid) FROM j"),
        ("SELECT sum(epoch_us(event_at)) FROM p", "SELECT sum(event_at) FROM j"),
        (
            'SELECT "p.district", "p.edata.ok", count(*), count(DISTINCT distinct_id) FROM p GROUP BY ALL ORDER BY ALL',
            f"SELECT {of('district')}, CAST({of('edata.ok')} AS BOOLEAN), count(*), count(DISTINCT distinct_id) FROM j "
            "GROUP BY ALL ORDER BY ALL",
        ),
        (
            'SELECT lower(hex(uuid)) u, "p.battery", "p.edata.duration" FROM p ORDER BY u',
            f"SELECT uuid u, CAST({of('battery')} AS DOUBLE), CAST({of('edata.duration')} AS DOUBLE) FROM j ORDER BY u",
        ),
        (
            'SELECT "p.big", "p.note", "p.context.cdata", count(*) FROM p GROUP BY ALL ORDER BY ALL',
            f"SELECT {of('big')}, {of('note')}, {of('context.cdata')}, count(*) FROM j GROUP BY ALL ORDER BY ALL",
        ),
    ]
    for ours, theirs in pairs:
        a, b = db.execute(ours).fetchall(), db.execute(theirs).fetchall()
        assert a == b, (ours, a[:3], b[:3])


def without_received(path):
    with open(path, encoding="utf-8") as lines:
        return sorted(line[: line.index(',"received_at"')] + line[line.index(',"distinct_id"') :] for line in lines)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--events", type=int, default=1_000_000)
    parser.add_argument("--binary", default="target/release/telemetry")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        file = lambda name: os.path.join(folder, name)
        first, second = file("first"), file("second")
        set_up(options.binary, first)
        set_up(options.binary, second)
        sent = file("sent.jsonl")
        write_events(sent, options.events)
        size = os.path.getsize(sent)
        print(f"{options.events} events, {size / options.events:.0f} bytes a line\n")
        print("| | wall s | CPU s | CPU µs an event | file MB |\n|---|---|---|---|---|")

        def step(name, data, *arguments, made=None):
            wall, cpu, answer = run(options.binary, data, *arguments)
            bytes_made = os.path.getsize(made or sent) / 1e6
            print(f"| {name} | {wall:.1f} | {cpu:.1f} | {cpu / options.events * 1e6:.1f} | {bytes_made:.0f} |", flush=True)
            return answer

        def export(name, data, form, made):
            answer = step(name, data, "export", "--format", form, "--output", made, made=made)
            assert answer["exported"] == options.events, answer

        step("dry run", first, "import", "--project", "bench", "--dry-run", sent)
        answer = step("import JSON lines", first, "import", "--project", "bench", sent)
        assert answer["stored"] == options.events, answer
        answer = step("import the same again", first, "import", "--project", "bench", sent)
        assert answer["duplicate"] == options.events, answer
        export("export JSON lines", first, "jsonl", file("a.jsonl"))
        export("export CSV", first, "csv", file("a.csv"))
        export("export Parquet", first, "parquet", file("a.parquet"))
        answer = step("import Parquet", second, "import", "--project", "bench", file("a.parquet"), made=file("a.parquet"))
        assert answer["stored"] == options.events, answer
        export("export JSON lines", second, "jsonl", file("b.jsonl"))
        check_lines(sent, file("a.jsonl"))
        check_table(sent, file("a.csv"))
        check_parquet(sent, file("a.parquet"))
        assert without_received(file("a.jsonl")) == without_received(file("b.jsonl")), "the round trip is not equal"
        print("\nAll events came back equal in every form.")


if __name__ == "__main__":
    main()
