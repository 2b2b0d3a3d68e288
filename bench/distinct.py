"""A breakdown by a property that is another text in each event: its time, and the memory of the server.

    python bench/distinct.py [--binary target/release/telemetry] [--events 1000000]

Prints what the breakdown and a plain count took and what the server held. Ends with 1 when the answer is not the top
values and the rest together, or when their sum is not the number of events.
"""

import argparse
import json
import sys
import tempfile
import time
import uuid

from door import KEY, Server

BATCH = 500


def batches(events):
    for first in range(0, events, BATCH):
        batch = [
            {"event": "opened", "distinct_id": f"p{number % 1000}", "properties": {"document": str(uuid.uuid4())}}
            for number in range(first, first + BATCH)
        ]
        yield json.dumps({"api_key": KEY, "batch": batch}).encode()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--binary", default="target/release/telemetry")
    parser.add_argument("--events", type=int, default=1_000_000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, Server(options.binary, folder) as server:
        server.send_all("/batch", batches(options.events))
        filled_mib = server.resident_mib()
        started = time.time()
        answer = server.ask({"series": [{"event": "opened"}], "breakdown": {"property": "document"}})
        seconds = time.time() - started
        parts = {json.dumps(part.get("breakdown_value")): sum(part["data"]) for part in answer["series"]}
        started = time.time()
        plain = server.stored()
        plain_seconds = time.time() - started
        print(f"{options.events} values: {len(parts)} lines after {seconds:.2f} s (a count: {plain_seconds:.3f} s), "
              f"{filled_mib:.0f} MiB before, {server.resident_mib('VmHWM'):.0f} MiB at most")
        if sum(parts.values()) != options.events or plain != options.events or len(parts) > 27:
            print(list(parts.items())[:30])
            sys.exit(1)


main()
