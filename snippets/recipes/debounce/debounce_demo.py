"""A debounced function runs once for a burst of calls, and `flush` runs at once what is due."""

# /// script
# requires-python = ">=3.10"
# ///

import asyncio

from debounce import debounce

saved = asyncio.Event()


@debounce(0.05)
async def save(text: str) -> None:
    print("save: begins with", text)
    await asyncio.sleep(0)
    print("save: has written", text)
    saved.set()


async def main() -> None:
    for text in ("c", "ca", "cat"):
        save(text)
    await saved.wait()

    save("catalogue")
    await save.flush()
    print("main: nothing is lost")


asyncio.run(main())
