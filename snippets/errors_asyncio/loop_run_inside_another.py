"""No loop can be run in a thread where another one is running."""

# /// script
# [tool.pleasestop]
# wrong = "fails"
# exit = 1
# seen = "RuntimeError: Cannot run the event loop while another loop is running"
# ///

import asyncio


async def main() -> None:
    other = asyncio.new_event_loop()
    try:
        other.run_until_complete(other.create_future())
    finally:
        other.close()


asyncio.run(main())
