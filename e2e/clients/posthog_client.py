"""Sends events with the real posthog-python. Arguments: host, key, capture mode (v0 or v1)."""

import sys

from posthog import Posthog

host, key, mode = sys.argv[1:]
errors = []
options = {"capture_mode": "v1"} if mode == "v1" else {}
client = Posthog(key, host=host, gzip=True, on_error=lambda error, batch: errors.append(str(error)), **options)

anonymous, person = f"py-anon-{mode}", f"py-person-{mode}"
client.capture("py_opened", distinct_id=anonymous, properties={"class": 6, "school": "शिमला", "first": True})
client.alias(previous_id=anonymous, distinct_id=person)
client.set(distinct_id=person, properties={"role": "parent"})
for number in range(5):
    client.capture("py_paid", distinct_id=person, properties={"amount": 100 + number, "nested": {"mode": "upi"}})
client.shutdown()
if errors:
    sys.exit("\n".join(errors))
