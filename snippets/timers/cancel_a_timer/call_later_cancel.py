"""`TimerHandle.cancel()` returns None, in time or too late, and raises nothing."""

import asyncio


async def main() -> None:
    loop = asyncio.get_running_loop()
    rang = asyncio.Event()

    early = loop.call_later(0, print, "loop: never printed")
    print("main: cancel returned", early.cancel())

    late = loop.call_later(0, rang.set)
    await rang.wait()
    print("main: it rang, cancel returned", late.cancel())
    print("main: cancelled:", late.cancelled())


asyncio.run(main())
