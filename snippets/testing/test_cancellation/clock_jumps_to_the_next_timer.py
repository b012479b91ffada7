"""With a loop whose clock jumps, a test of a one-hour timeout takes less than a second.

Where the loop would sleep until its next timer, this selector moves
the clock there and returns. A loop that has neither a timer nor
anything to read would wait forever: the selector raises instead.
"""

# /// script
# requires-python = ">=3.11"
# [tool.pleasestop]
# browser = "an event loop with a selector"
# ///

import asyncio
import selectors
import time


class JumpingSelector(selectors.DefaultSelector):
    now = 0.0

    def select(
        self, timeout: float | None = None
    ) -> list[tuple[selectors.SelectorKey, int]]:
        ready = super().select(0)
        if not ready and timeout is None:
            raise RuntimeError(
                "deadlock: nothing will wake the loop"
            )
        if not ready and timeout:
            self.now += timeout
        return ready


class JumpingLoop(asyncio.SelectorEventLoop):
    def __init__(self) -> None:
        self.clock = JumpingSelector()
        super().__init__(self.clock)

    def time(self) -> float:
        return self.clock.now


async def main() -> None:
    try:
        async with asyncio.timeout(3600):
            await asyncio.sleep(86400)
    except TimeoutError:
        print("timed out at", asyncio.get_running_loop().time())


begin = time.monotonic()
with asyncio.Runner(loop_factory=JumpingLoop) as runner:
    runner.run(main())
    print("in less than a second:", time.monotonic() - begin < 1)
    try:
        runner.run(asyncio.Event().wait())
    except RuntimeError as error:
        print(error)
