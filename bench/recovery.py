"""How soon a killed server is ready again with a large WAL, and whether it still has everything.

    python bench/recovery.py [--binary target/release/telemetry] [--mib 1024] [--seconds-max 3]

Fills the WAL with events whose properties do not compress, kills the server, starts it on the same directory and waits
for `/ready`. With its own settings the WAL stays far smaller: a flush empties it, and a full buffer refuses. Ends with 1
when an acknowledged event is missing, or when it took longer than `--seconds-max`; prints one line of figures.
"""

import argparse
import base64
import glob
import json
import os
import sys
import tempfile
import time
import urllib.request

from door import Server

BATCH = 50
# Events between two looks at the WAL.
SPAN = 5000
# Properties of one event, random bytes before base64.
EVENT_BYTES = 1200
SETTINGS = ["flush_rows=1000000000", "flush_bytes=17179869184", "flush_age=86400", "buffer_bytes_max=68719476736"]


def batch(first):
    events = []
    for number in range(first, first + BATCH):
        data = json.dumps({"noise": base64.b64encode(os.urandom(EVENT_BYTES)).decode()})
        events.append({
            "eid": "EXDATA", "ets": int(time.time() * 1000), "ver": "3.0", "mid": f"recovery:{number}",
            "actor": {"id": f"p{number % 1000}", "type": "User"},
            "context": {"channel": "c", "pdata": {"id": "b", "ver": "1"}, "env": "e", "sid": "s", "did": "d"},
            "edata": {"type": "noise", "data": data},
        })
    return json.dumps({"events": events}).encode()


def fill(server, wanted_bytes):
    """Sends until the WAL has `wanted_bytes`; returns the acknowledged events."""
    sent = 0
    while wal_bytes(server) < wanted_bytes:
        server.send_all("/v1/telemetry", (batch(first) for first in range(sent, sent + SPAN, BATCH)))
        sent += SPAN
        if sent * EVENT_BYTES > 4 * wanted_bytes:
            sys.exit("the WAL does not grow: something flushes it")
    return sent


def wal_bytes(server):
    return sum(os.path.getsize(path) for path in glob.glob(f"{server.data}/wal/**/*", recursive=True) if os.path.isfile(path))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--binary", default="target/release/telemetry")
    parser.add_argument("--mib", type=int, default=1024)
    parser.add_argument("--seconds-max", type=float, default=3)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        with Server(options.binary, folder, *SETTINGS) as server:
            acknowledged = fill(server, options.mib << 20)
            mib = wal_bytes(server) / (1 << 20)
            server.process.kill()
        started = time.time()
        with Server(options.binary, folder, *SETTINGS, keep=True) as server:
            while urllib.request.urlopen(f"{server.url}/ready").status != 200:
                pass
            seconds = time.time() - started
            stored = server.stored()
            resident = server.resident_mib()
    print(f"{acknowledged} events, {mib:.0f} MiB of WAL: ready after {seconds:.2f} s with {stored:.0f} of them, {resident:.0f} MiB resident")
    if stored != acknowledged or seconds > options.seconds_max:
        sys.exit(1)


main()
