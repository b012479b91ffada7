"""With `timeout_at`, three calls share one deadline: 0.3 s for all of them.

A call that begins after the deadline still runs to its first `await`
that suspends it, and is cancelled there.
"""

# /// script
# requires-python = ">=3.11"
# ///

import asyncio


async def main() -> None:
    loop = asyncio.get_running_loop()
    start = loop.time()
    deadline = start + 0.3
    for server in "abc":
        try:
            async with asyncio.timeout_at(deadline):
                await asyncio.sleep(60)  # no answer
        except TimeoutError:
            print("no answer from", server)
    print("longer than 0.8 s:", loop.time() - start > 0.8)


asyncio.run(main())
