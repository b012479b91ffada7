"""Since Python 3.13, a subclass of `CancelledError` leaves a group's body as itself.

On 3.11 and 3.12 the group wraps it like a failure.
"""

# /// script
# requires-python = ">=3.11"
# ///

import asyncio


class Stopped(asyncio.CancelledError):
    pass


async def main() -> None:
    try:
        async with asyncio.TaskGroup():
            raise Stopped("enough")
    except asyncio.CancelledError as error:
        print("main:", repr(error))
    except BaseExceptionGroup as group:
        print("main:", repr(group))


asyncio.run(main())
