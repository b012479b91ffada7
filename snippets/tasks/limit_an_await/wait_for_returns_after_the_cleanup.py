"""`wait_for` raises TimeoutError only when the cleanup of the call is done.

Before Python 3.11, `asyncio.TimeoutError` is another class than the
built-in TimeoutError. On newer versions they are the same.
"""

import asyncio


async def fetch() -> None:
    try:
        await asyncio.sleep(60)
    finally:
        print("fetch: cleaning up, which takes long")
        await asyncio.sleep(0.3)
        print("fetch: cleaned up")


async def main() -> None:
    try:
        await asyncio.wait_for(fetch(), timeout=0.05)
    except asyncio.TimeoutError:
        print("main: too slow, gave up")


asyncio.run(main())
