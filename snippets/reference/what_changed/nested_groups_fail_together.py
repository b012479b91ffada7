"""Since Python 3.13, the outer group's cancellation outlives an inner group that fails too.

On 3.11 and 3.12 the body of the outer group goes on as if nothing
had happened, until it ends by itself.
"""

# /// script
# requires-python = ">=3.11"
# ///

import asyncio


async def fail(name: str, go: asyncio.Event) -> None:
    await go.wait()
    raise ValueError(name)


async def main() -> None:
    go = asyncio.Event()
    try:
        async with asyncio.TaskGroup() as outer:
            outer.create_task(fail("outer's child", go))
            try:
                async with asyncio.TaskGroup() as inner:
                    inner.create_task(fail("inner's child", go))
                    go.set()
            except* ValueError as failed:
                print("body: handled", *failed.exceptions)
            await asyncio.sleep(0.05)
            print("body: goes on in a group that failed")
    except* ValueError as failed:
        print("main: handled", *failed.exceptions)


asyncio.run(main())
