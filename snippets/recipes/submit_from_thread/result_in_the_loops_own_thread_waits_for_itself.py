"""`run_coroutine_threadsafe(...).result()` in the loop's own thread waits forever for an unfinished coroutine."""

# /// script
# [tool.pleasestop]
# wrong = "hangs"
# timeout = 0.7
# ///

import asyncio


async def answer() -> int:
    return 42


async def main() -> None:
    loop = asyncio.get_running_loop()
    future = asyncio.run_coroutine_threadsafe(answer(), loop)
    print("main: waiting, so the loop cannot run answer()")
    print("main: never printed", future.result())


asyncio.run(main())
