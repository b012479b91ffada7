"""`dump_traceback_later` dumps the calls that a hanging program stands in, innermost call first.

In your program, write `faulthandler.dump_traceback_later(60)` where it
begins. After a minute, each thread's calls go to stderr, with file and
line. This program ends its own hang, and prints only the functions.
"""

# /// script
# [tool.pleasestop]
# browser = "threads"
# ///

import faulthandler
import tempfile
from threading import Lock

lock = Lock()


def log() -> None:
    lock.acquire(timeout=1)  # save holds it: a deadlock


def save() -> None:
    with lock:
        log()


with tempfile.TemporaryFile("w+") as dump:
    faulthandler.dump_traceback_later(0.2, file=dump)
    save()
    dump.seek(0)
    calls = [line for line in dump if line.startswith("  File")]
    print("stood in:", [call.split()[-1] for call in calls])
