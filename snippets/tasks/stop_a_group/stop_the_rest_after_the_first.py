"""`asyncio.wait` cancels no task: cancel the pending ones, then wait for them."""

import asyncio


async def ask(server: str, seconds: float) -> str:
    try:
        await asyncio.sleep(seconds)
    except asyncio.CancelledError:
        print(f"{server}: cancelled")
        raise
    return f"answer from {server}"


async def main() -> None:
    slow = asyncio.create_task(ask("slow", 60))
    fast = asyncio.create_task(ask("fast", 0))
    done, pending = await asyncio.wait(
        [slow, fast], return_when=asyncio.FIRST_COMPLETED
    )
    print("main:", *(task.result() for task in done))
    print("main: slow has ended:", slow.done())
    for task in pending:
        task.cancel()
    await asyncio.gather(*pending, return_exceptions=True)
    print("main: slow has ended:", slow.done())


asyncio.run(main())
