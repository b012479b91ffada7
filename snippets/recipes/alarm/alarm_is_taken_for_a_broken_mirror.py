"""A TimeoutError raised by an alarm is an OSError: an `except OSError` in the block catches it, and nothing limits the rest."""

# /// script
# [tool.pleasestop]
# wrong = "misleads"
# seen = "main: took more than twice the limit: True"
# platforms = ["linux", "macos"]
# ///

import signal
import time
from contextlib import contextmanager
from types import FrameType
from typing import Iterator, Optional

LIMIT = 0.2


def ring(_: int, __: Optional[FrameType]) -> None:
    raise TimeoutError("the time is up")


@contextmanager
def limit(seconds: float) -> Iterator[None]:
    signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def download(mirror: str) -> str:
    time.sleep(0.5)  # a slow server
    return "a file from " + mirror


def fetch() -> str:
    for mirror in ("Bonn", "Rome"):
        try:
            return download(mirror)
        except OSError as error:
            print("fetch:", mirror, "is broken:", error)
    raise LookupError("no mirror left")


began = time.monotonic()
with limit(LIMIT):
    print("main: has", fetch())
took = time.monotonic() - began
print("main: took more than twice the limit:", took > 2 * LIMIT)
