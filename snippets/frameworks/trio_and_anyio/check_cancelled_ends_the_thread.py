"""`from_thread.check_cancelled()` raises in the thread once its scope is cancelled.

Trio keeps its idle thread for a while, for the next call.
"""

# /// script
# requires-python = ">=3.11"
# dependencies = ["trio==0.35.0"]
# [tool.pleasestop]
# leaves = ["thread"]
# ///

import time

import trio


def work() -> None:
    try:
        while True:
            trio.from_thread.check_cancelled()
            time.sleep(0.01)  # one piece of the work
    finally:
        print("thread: cleaned up")


async def main() -> None:
    with trio.move_on_after(0.05) as scope:
        await trio.to_thread.run_sync(work)
    print("main: timed out:", scope.cancelled_caught)


trio.run(main)
