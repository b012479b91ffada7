"""With `abandon_on_cancel=True`, an expired scope ends without its thread, which runs on.

Trio keeps its idle thread for a while, for the next call.
"""

# /// script
# requires-python = ">=3.11"
# dependencies = ["trio==0.35.0"]
# [tool.pleasestop]
# leaves = ["thread"]
# ///

from threading import Event

import trio

may_end = Event()
ended = Event()


def work() -> None:
    may_end.wait()
    print("thread: finished")
    ended.set()


async def main() -> None:
    with trio.move_on_after(0.05) as scope:
        await trio.to_thread.run_sync(work, abandon_on_cancel=True)
    print("main: timed out:", scope.cancelled_caught)
    may_end.set()
    ended.wait()


trio.run(main)
