"""`reset` fails in an async generator that is left by `break`, because another task closes the generator."""

# /// script
# [tool.pleasestop]
# wrong = "misleads"
# seen = "was created in a different Context"
# masked = ["0x[0-9a-f]+"]
# ///

import asyncio
from contextvars import ContextVar
from typing import AsyncGenerator

user = ContextVar("user", default="nobody")


async def lines() -> AsyncGenerator[str, None]:
    token = user.set("ann")
    try:
        yield "first"
    finally:
        user.reset(token)


async def main() -> None:
    async for line in lines():
        print("main: got", line)
        break
    await asyncio.sleep(0.01)


asyncio.run(main())
