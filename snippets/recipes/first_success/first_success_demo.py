"""`first_success` returns the first answer, although a faster coroutine failed; the slow ones have closed by then."""

import asyncio

from first_success import AllFailedError, first_success


async def ask(mirror: str, ready: asyncio.Event) -> str:
    try:
        await ready.wait()
        return f"answer of {mirror}"
    finally:
        await asyncio.sleep(0.01)
        print(f"{mirror}: closed")


async def refuse(mirror: str) -> str:
    raise ConnectionError(f"{mirror} refuses")


async def main() -> None:
    ready, never = asyncio.Event(), asyncio.Event()
    asyncio.get_running_loop().call_later(0.05, ready.set)
    answer = await first_success(
        refuse("Kiel"), ask("Oslo", ready), ask("Rome", never)
    )
    print("main:", answer)
    try:
        await first_success(refuse("Kiel"), refuse("Bern"))
    except AllFailedError as failed:
        print("main:", *map(repr, failed.errors))


asyncio.run(main())
