"""Since Python 3.11, Ctrl-C cancels the main task before all other tasks.

Once they have ended, `asyncio.run` raises KeyboardInterrupt. Up to Python
3.10 all tasks were cancelled at once.
"""

# /// script
# [tool.pleasestop]
# platforms = ["linux", "macos"]
# ///

import asyncio
import signal


async def wait_for_ever() -> None:
    await asyncio.Event().wait()


async def main() -> None:
    other = asyncio.create_task(wait_for_ever())
    try:
        await asyncio.sleep(0)  # lets the other task start
        asyncio.get_running_loop().call_soon(
            signal.raise_signal, signal.SIGINT
        )
        await asyncio.Event().wait()
    finally:
        print("main: tidying up")
        done, _ = await asyncio.wait([other], timeout=0.1)
        print("main: the other task was stopped:", bool(done))


try:
    asyncio.run(main())
except KeyboardInterrupt:
    print("run raised KeyboardInterrupt")
