"""In a callback of the loop, `current_task()` is None; without a running loop it raises."""

import asyncio


def callback(done: asyncio.Event) -> None:
    print("callback: current_task() is", asyncio.current_task())
    done.set()


async def main() -> None:
    done = asyncio.Event()
    asyncio.get_running_loop().call_soon(callback, done)
    await done.wait()
    print(
        "main: current_task() is a",
        type(asyncio.current_task()).__name__,
    )


asyncio.run(main())
try:
    asyncio.current_task()
except RuntimeError as error:
    print("outside: RuntimeError:", error)
