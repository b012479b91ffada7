"""Ctrl-C in the body of `with ProcessPoolExecutor` waits until every queued call has run."""

# /// script
# [tool.pleasestop]
# wrong = "misleads"
# seen = "main: calls that were run: 500 of 500"
# platforms = ["linux", "macos"]
# ///

import signal
from concurrent.futures import ProcessPoolExecutor

if __name__ == "__main__":
    try:
        with ProcessPoolExecutor(max_workers=1) as pool:
            calls = [
                pool.submit(abs, number) for number in range(500)
            ]
            signal.raise_signal(signal.SIGINT)  # as Ctrl-C would
    except KeyboardInterrupt:
        run = sum(not call.cancelled() for call in calls)
        print("main: KeyboardInterrupt")
        print("main: calls that were run:", run, "of", len(calls))
