"""A bare `except:` swallows every cancellation of this loop, which runs forever.

Write `except Exception:`, which does not catch `CancelledError`.
"""

# /// script
# [tool.pleasestop]
# wrong = "hangs"
# timeout = 1.0
# ///

import asyncio


async def serve() -> None:
    while True:
        try:
            print("serve: waiting for a client")
            await asyncio.sleep(60)
        except:
            print("serve: something failed, next round")


async def main() -> None:
    task = asyncio.create_task(serve())
    await asyncio.sleep(0)  # let it start
    print("main: cancel() returned", task.cancel())
    await asyncio.wait([task])
    print("main: never printed")


asyncio.run(main())
