"""A second signal of the same kind interrupts the handler of the first one."""

# /// script
# [tool.pleasestop]
# platforms = ["linux", "macos"]
# ///

import signal
from itertools import count

calls = count(1)


def handle(*_: object) -> None:
    call = next(calls)
    print("handler: begin of call", call)
    if call == 1:
        signal.raise_signal(signal.SIGTERM)
    print("handler: end of call", call)


signal.signal(signal.SIGTERM, handle)
signal.raise_signal(signal.SIGTERM)
