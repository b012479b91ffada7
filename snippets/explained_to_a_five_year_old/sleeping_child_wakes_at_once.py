"""A task that sleeps is woken by `cancel()`, and its `finally` runs."""

import asyncio


async def play(asleep: asyncio.Event) -> None:
    try:
        print("Tom: takes out the bricks")
        asleep.set()
        await asyncio.sleep(60)
    finally:
        print("Tom: puts the bricks away")


async def main() -> None:
    asleep = asyncio.Event()
    tom = asyncio.create_task(play(asleep))
    await asleep.wait()
    tom.cancel()
    await asyncio.wait([tom])


asyncio.run(main())
