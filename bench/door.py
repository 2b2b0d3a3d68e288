"""The door under load: throughput, latency, overload, connections, freshness, idleness, memory, disk.

    python bench/door.py [--binary target/release/telemetry] [--load target/release/telemetry-load] [--seconds 60]

Server and generator share the machine. Each part starts a server of its own on an empty directory. Prints Markdown;
bench/README.md tells what the figures mean. Compare runs of one machine only.
"""

import argparse
import glob
import http.client
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request

KEY, TOKEN = "tmw_bench_door", "tmp_bench_door"


class Server:
    def __init__(self, binary, folder, *settings, keep=False):
        self.data = os.path.join(folder, "data")
        if not keep:
            shutil.rmtree(self.data, ignore_errors=True)
        environment = {
            **os.environ,
            "TELEMETRY_INIT_EMAIL": "bench@example.org",
            "TELEMETRY_INIT_PASSWORD": "only for this run",
            "TELEMETRY_INIT_PROJECT": "bench",
            "TELEMETRY_INIT_LEVEL": "full",
            "TELEMETRY_INIT_TOKEN": TOKEN,
            "TELEMETRY_INIT_WRITE_KEY": KEY,
            "TELEMETRY_LOG": "error",
        }
        command = [binary, "serve", "--data", self.data, "--listen", "127.0.0.1:0", "--json"]
        for setting in settings:
            command += ["--set", setting]
        self.process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)
        self.url = json.loads(self.process.stdout.readline())["listening"]
        self.address = self.url.removeprefix("http://")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()

    def cpu_s(self):
        stat = open(f"/proc/{self.process.pid}/stat", encoding="ascii").read().rsplit(")", 1)[1].split()
        return (int(stat[11]) + int(stat[12])) / os.sysconf("SC_CLK_TCK")

    def resident_mib(self, name="VmRSS"):
        status = open(f"/proc/{self.process.pid}/status", encoding="ascii").read()
        return int(next(line for line in status.splitlines() if line.startswith(name)).split()[1]) / 1024

    def target(self, seed):
        return ["--address", self.address, "--key", KEY, "--pid", str(self.process.pid), "--seed", str(seed)]

    def ask(self, question):
        body = json.dumps({"kind": "trends", **question}).encode()
        request = urllib.request.Request(
            f"{self.url}/api/projects/1/query", body, {"Authorization": f"Bearer {TOKEN}"}
        )
        with urllib.request.urlopen(request) as response:
            return json.load(response)

    def stored(self):
        answer = self.ask({"series": [{"event": None}], "date_from": "2020-01-01"})
        return sum(answer["series"][0]["data"])

    def send(self, body):
        head = {"Authorization": f"Bearer {KEY}", "Content-Type": "application/json"}
        with urllib.request.urlopen(urllib.request.Request(f"{self.url}/v1/telemetry", body, head)) as response:
            response.read()

    def send_all(self, path, bodies):
        """Sends each of `bodies` on one connection; ends the program when one is not taken."""
        connection = http.client.HTTPConnection(self.address)
        head = {"Authorization": f"Bearer {KEY}", "Content-Type": "application/json"}
        for body in bodies:
            connection.request("POST", path, body, head)
            answer = connection.getresponse()
            answer.read()
            if answer.status != 200:
                sys.exit(f"a batch was answered {answer.status}")


def load(binary, *arguments):
    return json.loads(subprocess.check_output([binary, *map(str, arguments)]))


def throughput(options, folder):
    """As fast as answers come, for about a minute; then what compaction made of it."""
    events = options.rate_guess * options.seconds
    with Server(options.binary, folder) as server:
        report = load(options.load, "send", *server.target(1), "--events", events, "--connections", 32)
        assert report["answers"].keys() == {"200"}, report["answers"]
        # All of it is queryable at once, buffer included.
        assert server.stored() == report["acknowledged_events"], "not all that was acknowledged can be asked for"
        before, deadline = -1, time.time() + 120
        while time.time() < deadline:
            files = len(glob.glob(os.path.join(server.data, "segments", "*", "*", "*.parquet")))
            if files == before:
                break
            before = files
            time.sleep(3)
        report["files_per_day_when_quiet"] = max(
            len(glob.glob(os.path.join(day, "*.parquet"))) for day in glob.glob(f"{server.data}/segments/1/*")
        )
        report["cpu_us_per_event_with_compaction"] = round(server.cpu_s() * 1e6 / events, 2)
    size = sum(os.path.getsize(path) for path in glob.glob(f"{server.data}/segments/**/*.*", recursive=True))
    report["disk_bytes_per_event"] = round(size / events, 1)
    return report


def half(options, folder, capacity):
    with Server(options.binary, folder) as server:
        rate = capacity / 2
        return load(options.load, "send", *server.target(2), "--events", int(rate * options.seconds / 50) * 50,
                    "--rate", rate, "--connections", 64)


def overload(options, folder, capacity):
    """Five times what it can take, then whether it is its old self within ten seconds."""
    with Server(options.binary, folder) as server:
        seconds = min(options.seconds, 60)
        report = load(options.load, "send", *server.target(3), "--events", int(capacity * 5 * seconds / 50) * 50,
                      "--rate", capacity * 5, "--connections", 2000)
        time.sleep(10)
        after = load(options.load, "send", *server.target(4), "--events", int(capacity / 4 * 5 / 50) * 50,
                     "--rate", capacity / 4, "--connections", 32)
        return report, after


def connections(options, folder):
    with Server(options.binary, folder) as server:
        return load(options.load, "connections", *server.target(5), "--idle", options.idle, "--busy", 500,
                    "--events", 300_000, "--rate", 15_000)


def freshness(options, folder):
    """From the acknowledgement to the first answer that holds the event, under a quarter of the load."""
    with Server(options.binary, folder) as server:
        background = threading.Thread(target=load, args=(
            options.load, "send", *server.target(6), "--events", 400_000, "--rate", 20_000, "--connections", 16))
        background.start()
        waits = []
        now = int(time.time() * 1000)
        for number in range(200):
            name = f"fresh-{number}"
            server.send(json.dumps({"events": [{
                "eid": "EXDATA", "ets": now, "ver": "3.0", "mid": f"fresh:{number}",
                "actor": {"id": "p", "type": "User"},
                "context": {"channel": "c", "pdata": {"id": "b", "ver": "1"}, "env": "e", "sid": "s", "did": "d"},
                "edata": {"type": name, "data": "{}"},
            }]}).encode())
            acknowledged = time.perf_counter()
            while sum(server.ask({"series": [{"event": name}]})["series"][0]["data"]) != 1:
                pass
            waits.append((time.perf_counter() - acknowledged) * 1e3)
        background.join()
        waits.sort()
        return {"p50": waits[100], "p99": waits[197], "max": waits[-1]}


def idle(options, folder):
    with Server(options.binary, folder) as server:
        time.sleep(5)
        cpu, start = server.cpu_s(), time.time()
        time.sleep(20)
        return {"resident_mib": server.resident_mib(), "cpu_percent": (server.cpu_s() - cpu) / (time.time() - start) * 100}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--binary", default="target/release/telemetry")
    parser.add_argument("--load", default="target/release/telemetry-load")
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--rate-guess", type=int, default=100_000, help="events per second expected, for the length")
    parser.add_argument("--idle", type=int, default=10_000)
    parser.add_argument("--only", default="throughput,half,overload,connections,freshness,idle")
    options = parser.parse_args()
    parts, capacity = options.only.split(","), options.rate_guess
    with tempfile.TemporaryDirectory() as folder:
        if "throughput" in parts:
            report = throughput(options, folder)
            capacity = report["events_per_second"]
            show("As fast as answers come, 32 connections", report)
        if "half" in parts:
            show("At half of that, open loop", half(options, folder, capacity))
        if "overload" in parts:
            report, after = overload(options, folder, capacity)
            report["accepted_share_of_capacity"] = round(report["events_per_second"] / capacity, 3)
            # A connection whose request waits for a place asks nothing more meanwhile.
            report["offered_times_capacity"] = round(report["events"] / report["seconds"] / capacity, 2)
            show("Five times of that, 2 000 connections", report)
            show("A quarter of it, ten seconds later", after)
        if "connections" in parts:
            show("Idle and busy connections", connections(options, folder))
        if "freshness" in parts:
            show("Acknowledged to visible, ms", freshness(options, folder))
        if "idle" in parts:
            show("Idle", idle(options, folder))


def show(title, report):
    print(f"\n{title}\n\n| figure | value |\n|---|---|")
    for name, value in report.items():
        print(f"| {name} | {value if not isinstance(value, dict) else json.dumps(value)} |", flush=True)


if __name__ == "__main__":
    main()
