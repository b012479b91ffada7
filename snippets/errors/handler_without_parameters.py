"""A signal handler that takes no arguments raises TypeError in the code that it interrupts."""

# /// script
# [tool.pleasestop]
# wrong = "fails"
# exit = 1
# seen = "TypeError: stop() takes 0 positional arguments but 2 were given"
# ///

import signal


def stop() -> None:
    print("never printed")


signal.signal(signal.SIGTERM, stop)  # type: ignore[arg-type]
print("main: handler installed")
signal.raise_signal(signal.SIGTERM)
