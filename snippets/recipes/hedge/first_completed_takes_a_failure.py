"""`FIRST_COMPLETED` takes an attempt that failed as the winner, and leaves the good one running."""

# /// script
# [tool.pleasestop]
# wrong = "misleads"
# seen = "main: failed, ConnectionError('second refused')"
# ///

import asyncio


async def slow_but_good(go: asyncio.Event) -> str:
    await go.wait()
    return "answer"


async def fast_but_bad() -> str:
    raise ConnectionError("second refused")


async def main() -> None:
    go = asyncio.Event()
    first = asyncio.create_task(slow_but_good(go))
    await asyncio.wait({first}, timeout=0.01)
    second = asyncio.create_task(fast_but_bad())
    done, _ = await asyncio.wait(
        {first, second}, return_when=asyncio.FIRST_COMPLETED
    )
    try:
        print("main:", done.pop().result())
    except ConnectionError as error:
        print(f"main: failed, {error!r}")
    print("main: first is running:", not first.done())
    go.set()
    print("main: it would have said:", await first)


asyncio.run(main())
