"""Of two nested timeouts the earlier deadline wins, also when it is outside.

The inner block does not take the outer one's request for its own.
"""

# /// script
# requires-python = ">=3.11"
# ///

import asyncio


async def main() -> None:
    try:
        async with asyncio.timeout(0.05) as outer:
            try:
                async with asyncio.timeout(60) as inner:
                    await asyncio.sleep(60)
            except TimeoutError:
                print("main: never printed")
    except TimeoutError:
        print("main: TimeoutError from the outer block")
    print("outer expired:", outer.expired())
    print("inner expired:", inner.expired())


asyncio.run(main())
