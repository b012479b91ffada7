"""A task that computes in pieces, with `sleep(0)` between them, can be cancelled."""

import asyncio


async def count() -> None:
    print("Mia: counts, and shares the bear")
    try:
        while True:
            sum(range(1_000))
            await asyncio.sleep(0)  # puts the bear down
    finally:
        print("Mia: stops counting")


async def ask(mia: "asyncio.Task[None]") -> None:
    await asyncio.sleep(0.001)  # his clock rings very soon
    print("Tom: asks Mia to stop:", mia.cancel())


async def main() -> None:
    mia = asyncio.create_task(count())
    tom = asyncio.create_task(ask(mia))
    await asyncio.wait([mia, tom])


asyncio.run(main())
