"""A session of aiohttp that was created in one `asyncio.run` cannot be used in the next."""

# /// script
# requires-python = ">=3.11"
# dependencies = ["aiohttp==3.14.5"]
# [tool.pleasestop]
# wrong = "misleads"
# seen = "RuntimeError: Event loop is closed"
# ///

import asyncio

import aiohttp


async def create() -> aiohttp.ClientSession:
    return aiohttp.ClientSession()


async def fetch(session: aiohttp.ClientSession) -> None:
    async with session:
        await session.get("http://127.0.0.1:1/")


session = asyncio.run(create())
try:
    asyncio.run(fetch(session))
except RuntimeError as error:
    print("RuntimeError:", error)
print("session closed:", session.closed)
