"""`gather_or_cancel` raises the first failure when the other works have been cancelled and have cleaned up."""

import asyncio

from gather_or_cancel import gather_or_cancel


async def upload(name: str) -> int:
    try:
        await asyncio.sleep(0.01 if name == "a" else 3600)
        return len(name)
    finally:
        await asyncio.sleep(0.01)
        print(f"{name}: closed")


async def fail() -> str:
    await asyncio.sleep(0.1)
    raise OSError("disk full")


async def main() -> None:
    print("main:", await gather_or_cancel(upload("a"), upload("a")))
    try:
        await gather_or_cancel(upload("big"), fail())
    except OSError as error:
        print("main:", error)


asyncio.run(main())
