"""Awaiting a pending future of another event loop raises RuntimeError."""

# /// script
# [tool.pleasestop]
# wrong = "fails"
# exit = 1
# seen = "got Future <Future pending> attached to a different loop"
# masked = ["base_events.py:[0-9]+"]
# ///

import asyncio

other = asyncio.new_event_loop()
answer = other.create_future()


async def main() -> None:
    await answer


try:
    asyncio.run(main())
finally:
    other.close()
