"""When a coroutine of `gather` calls `sys.exit`, the others cannot await in their cleanup.

They are cancelled, but the loop stops before the `await` in their
`finally` has ended.
"""

# /// script
# [tool.pleasestop]
# exit = 3
# wrong = "misleads"
# seen = "server: cleanup begins"
# ///

import asyncio
import sys


async def serve() -> None:
    try:
        await asyncio.Event().wait()
    finally:
        print("server: cleanup begins")
        await asyncio.sleep(0.1)
        print("server: cleanup done, never printed")


async def work() -> None:
    sys.exit(3)


async def main() -> None:
    await asyncio.gather(serve(), work())


asyncio.run(main())
