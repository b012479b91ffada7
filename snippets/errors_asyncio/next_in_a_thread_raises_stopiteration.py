"""A function that raises StopIteration in `to_thread` gives no result: up to 3.12, the await hangs."""

# /// script
# requires-python = ">=3.9"
# [tool.pleasestop]
# wrong = "misleads"
# seen = "StopIteration interacts badly with generators and cannot be raised into a Future"
# ///

import asyncio
from typing import Any, Dict, Iterator


def report(_: Any, context: Dict[str, Any]) -> None:
    print("loop reports:", context["exception"])


async def main() -> None:
    asyncio.get_running_loop().set_exception_handler(report)
    empty: Iterator[str] = iter([])
    reading = asyncio.to_thread(next, empty)
    try:
        await asyncio.wait_for(reading, 0.2)
    except (RuntimeError, asyncio.TimeoutError) as error:
        print(f"main: {type(error).__name__}: {error}")


asyncio.run(main())
