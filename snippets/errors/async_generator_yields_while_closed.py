"""An async generator that yields while it is being closed makes `aclose()` raise."""

# /// script
# [tool.pleasestop]
# wrong = "fails"
# exit = 1
# seen = "RuntimeError: async generator ignored GeneratorExit"
# masked = ["0x[0-9a-f]+"]
# ///

import asyncio
from typing import AsyncGenerator


async def lines() -> AsyncGenerator[str, None]:
    try:
        yield "first"
    finally:
        yield "end of file"


async def main() -> None:
    generator = lines()
    async for line in generator:
        print("main: got", line)
        break
    await generator.aclose()


asyncio.run(main())
