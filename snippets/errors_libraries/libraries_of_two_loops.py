"""asyncio and Trio cannot be mixed: the functions of one fail in a loop of the other."""

# /// script
# requires-python = ">=3.11"
# dependencies = ["trio==0.35.0"]
# [tool.pleasestop]
# wrong = "misleads"
# seen = "RuntimeError: must be called from async context"
# ///

import asyncio

import trio


async def sleep_in_trio() -> None:
    await trio.sleep(1)


async def sleep_in_asyncio() -> None:
    await asyncio.sleep(1)


try:
    asyncio.run(sleep_in_trio())
except RuntimeError as error:
    print("trio.sleep in asyncio: RuntimeError:", error)
try:
    trio.run(sleep_in_asyncio)
except RuntimeError as error:
    print("asyncio.sleep in Trio: RuntimeError:", error)
