"""aiohttp reports a session that is destroyed before it was closed."""

# /// script
# requires-python = ">=3.11"
# dependencies = ["aiohttp==3.14.5"]
# [tool.pleasestop]
# wrong = "misleads"
# seen = "Unclosed client session"
# masked = ["0x[0-9a-f]+"]
# ///

import asyncio
import gc

import aiohttp


async def main() -> None:
    session = aiohttp.ClientSession()
    print("session closed:", session.closed)


asyncio.run(main())
gc.collect()
