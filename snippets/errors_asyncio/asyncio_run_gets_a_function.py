"""`asyncio.run` needs a coroutine, not the function that makes one."""

# /// script
# [tool.pleasestop]
# wrong = "misleads"
# seen = "Error: "
# masked = ["0x[0-9a-f]+"]
# ///

import asyncio


async def main() -> None:
    print("main: never printed")


try:
    asyncio.run(main)  # type: ignore[arg-type]
except (TypeError, ValueError) as error:
    print(f"{type(error).__name__}: {error}")
