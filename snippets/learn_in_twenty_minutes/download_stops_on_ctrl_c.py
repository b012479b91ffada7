"""On Ctrl-C, `asyncio.run` cancels main, the download closes its file, and then `KeyboardInterrupt` is raised."""

# /// script
# requires-python = ">=3.11"
# [tool.pleasestop]
# platforms = ["linux", "macos"]
# ///

import asyncio
import signal


async def download(name: str, seconds: float) -> None:
    print(name, "begins")
    try:
        await asyncio.sleep(seconds)
        print(name, "is complete")
    finally:
        print(name, "closes its file")


def press_ctrl_c() -> None:
    signal.raise_signal(signal.SIGINT)


async def main() -> None:
    asyncio.get_running_loop().call_soon(press_ctrl_c)
    await download("film", 3600)


try:
    asyncio.run(main())
except KeyboardInterrupt:
    print("program: ended by Ctrl-C")
