"""On 3.14.8 and 3.15.0 a failure after `shield` is reported though handled.

That is a bug, gh-156321. The same program reports nothing on 3.13.0 and
on the older versions that were run.
"""

import asyncio


async def save(disk: asyncio.Event) -> None:
    await disk.wait()
    raise OSError("disk full")


async def main() -> None:
    asyncio.get_running_loop().set_exception_handler(
        lambda _, context: print("loop:", context["message"])
    )
    disk = asyncio.Event()
    saving = asyncio.create_task(save(disk))
    try:
        await asyncio.wait_for(asyncio.shield(saving), 0.05)
    except asyncio.TimeoutError:
        print("main: no time left, but it must be saved")
    disk.set()
    try:
        await saving
    except OSError as error:
        print("main: handled", error)


asyncio.run(main())
