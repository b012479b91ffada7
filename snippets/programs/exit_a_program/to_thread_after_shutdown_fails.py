"""After the loop has shut its executor down, `to_thread` raises RuntimeError."""

# /// script
# requires-python = ">=3.9"
# [tool.pleasestop]
# wrong = "misleads"
# seen = "Executor shutdown has been called"
# ///

import asyncio


async def main() -> None:
    loop = asyncio.get_running_loop()
    await loop.shutdown_default_executor()
    try:
        await asyncio.to_thread(print, "never printed")
    except RuntimeError as error:
        print("RuntimeError:", error)


asyncio.run(main())
