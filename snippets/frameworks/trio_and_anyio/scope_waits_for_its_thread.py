"""A scope that expires does not cut off `to_thread.run_sync`: the block ends when the thread does.

Trio keeps its idle thread for a while, for the next call.
"""

# /// script
# requires-python = ">=3.11"
# dependencies = ["trio==0.35.0"]
# [tool.pleasestop]
# leaves = ["thread"]
# wrong = "misleads"
# seen = "thread: finished\nmain: the thread returned a result"
# ///

import time

import trio


def work() -> str:
    time.sleep(0.4)
    print("thread: finished")
    return "a result"


async def main() -> None:
    with trio.move_on_after(0.05) as scope:
        result = await trio.to_thread.run_sync(work)
        print("main: the thread returned", result)
    print("main: timed out:", scope.cancelled_caught)


trio.run(main)
