"""Trio's `MockClock` jumps to the next deadline when all tasks are blocked."""

# /// script
# requires-python = ">=3.11"
# dependencies = ["trio==0.35.0"]
# ///

import time

import trio
import trio.testing


async def main() -> None:
    start = trio.current_time()
    with trio.move_on_after(3600) as scope:
        await trio.sleep(86400)
    print("cancelled by the limit:", scope.cancelled_caught)
    print("virtual seconds:", round(trio.current_time() - start))


begin = time.monotonic()
clock = trio.testing.MockClock(autojump_threshold=0)
trio.run(main, clock=clock)
print("in less than a second:", time.monotonic() - begin < 1)
