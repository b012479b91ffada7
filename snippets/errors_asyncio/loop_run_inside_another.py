"""Running an event loop in a thread whose loop is running raises RuntimeError."""

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
