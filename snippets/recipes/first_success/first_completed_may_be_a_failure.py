"""`asyncio.wait` with `FIRST_COMPLETED` takes the fastest failure as the winner."""

# /// script
# [tool.pleasestop]
# wrong = "misleads"
# seen = "main: no mirror answers: Kiel refuses"
# ///

import asyncio


async def refuse(mirror: str) -> str:
    raise ConnectionError(f"{mirror} refuses")


async def ask(mirror: str) -> str:
    await asyncio.sleep(0.1)
    return f"answer of {mirror}"


async def first(*mirrors: "asyncio.Task[str]") -> str:
    done, pending = await asyncio.wait(
        mirrors, return_when=asyncio.FIRST_COMPLETED
    )
    for task in pending:
        task.cancel()
    return done.pop().result()


async def main() -> None:
    kiel = asyncio.create_task(refuse("Kiel"))
    oslo = asyncio.create_task(ask("Oslo"))
    try:
        print("main:", await first(kiel, oslo))
    except ConnectionError as error:
        print("main: no mirror answers:", error)
    print("main: Oslo has ended:", oslo.done())


asyncio.run(main())
