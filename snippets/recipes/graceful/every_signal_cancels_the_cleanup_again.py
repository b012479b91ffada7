"""A handler that cancels all tasks interrupts the cleanup when a second signal arrives."""

# /// script
# [tool.pleasestop]
# platforms = ["linux", "macos"]
# wrong = "misleads"
# seen = "worker: closing was broken off"
# ///

import asyncio
import signal


def cancel_all() -> None:
    for task in asyncio.all_tasks():
        task.cancel()


async def worker() -> None:
    try:
        signal.raise_signal(signal.SIGTERM)
        await asyncio.sleep(3600)
    finally:
        print("worker: closing")
        # Somebody presses Ctrl-C as well.
        signal.raise_signal(signal.SIGINT)
        try:
            await asyncio.sleep(0.2)
            print("worker: closed")
        except asyncio.CancelledError:
            print("worker: closing was broken off")
            raise


async def main() -> None:
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, cancel_all)
    await worker()


try:
    asyncio.run(main())
except asyncio.CancelledError:
    print("the program ends, with the work half closed")
