"""`Thread` does not have a `stop`, `cancel`, `kill` or `terminate` method.

Its subclass `threading.Timer` has a `cancel()`, which works while the
timer waits.
"""

from threading import Thread

for name in ("stop", "cancel", "kill", "terminate", "interrupt"):
    print(f"Thread.{name} exists: {hasattr(Thread, name)}")
