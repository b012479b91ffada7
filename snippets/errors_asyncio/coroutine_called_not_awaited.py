"""Calling a coroutine function runs nothing; Python warns when the coroutine is destroyed."""

# /// script
# [tool.pleasestop]
# wrong = "misleads"
# seen = "coroutine 'save' was never awaited"
# ///

import asyncio


async def save() -> None:
    print("save: never printed")


async def main() -> None:
    save()
    print("main: not saved")


asyncio.run(main())
