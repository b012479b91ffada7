"""A `Thread` has no method that stops it, whatever the name.

Pages that call `thread.stop()` or `thread.cancel()` were never run.
"""

from threading import Thread

for name in ("stop", "cancel", "kill", "terminate", "interrupt"):
    print(f"Thread.{name} exists: {hasattr(Thread, name)}")
