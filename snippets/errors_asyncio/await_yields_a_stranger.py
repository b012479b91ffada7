"""An awaitable that yields neither a future nor None raises RuntimeError.

A future must come from `yield from`; a bare `yield` of a future has
a message of its own.
"""

# /// script
# [tool.pleasestop]
# wrong = "fails"
# exit = 1
# seen = "RuntimeError: Task got bad yield: 'wake me'"
# ///

import asyncio
from typing import Generator


class Pause:  # made for another event loop
    def __await__(self) -> Generator[str, None, None]:
        yield "wake me"


async def main() -> None:
    await Pause()


asyncio.run(main())
