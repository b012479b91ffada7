"""Of two nested timeouts, the one with the earlier deadline raises TimeoutError.

Here it is the outer one: the inner block lets its cancellation through.
A cleanup that lasts until the other deadline has passed too changes
this: then the outer block raises.
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
