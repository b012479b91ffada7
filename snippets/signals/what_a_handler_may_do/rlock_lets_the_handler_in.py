"""With an RLock, a handler does not deadlock, but it sees a half-done change."""

# /// script
# [tool.pleasestop]
# wrong = "misleads"
# seen = "handler: total 70"
# platforms = ["linux", "macos"]
# ///

import signal
from threading import RLock

lock = RLock()
accounts = {"a": 100, "b": 0}


def handle(*_: object) -> None:
    with lock:  # the main thread holds it, so this is allowed
        print("handler: total", sum(accounts.values()))


signal.signal(signal.SIGTERM, handle)
with lock:
    accounts["a"] -= 30
    signal.raise_signal(signal.SIGTERM)
    accounts["b"] += 30
print("main: total", sum(accounts.values()))
