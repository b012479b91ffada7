"""While one task computes, no other task of its loop can cancel it."""

# /// script
# [tool.pleasestop]
# wrong = "misleads"
# seen = "Mia: has counted\nTom: asks Mia to stop: False"
# ///

import asyncio


async def count() -> None:
    print("Mia: counts, and keeps the bear")
    sum(range(1_000_000))  # no await in here
    print("Mia: has counted")


async def ask(mia: "asyncio.Task[None]") -> None:
    await asyncio.sleep(0.001)  # his clock rings very soon
    print("Tom: asks Mia to stop:", mia.cancel())


async def main() -> None:
    mia = asyncio.create_task(count())
    tom = asyncio.create_task(ask(mia))
    await asyncio.wait([mia, tom])


asyncio.run(main())
