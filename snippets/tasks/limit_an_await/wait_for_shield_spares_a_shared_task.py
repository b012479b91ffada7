"""`wait_for(shield(task))` stops waiting and leaves the task running."""

import asyncio


async def patient(shared: "asyncio.Task[str]") -> None:
    print("patient: got", await shared)


async def main() -> None:
    answered = asyncio.Event()

    async def fetch() -> str:
        await answered.wait()
        return "the answer"

    shared = asyncio.create_task(fetch())
    other = asyncio.create_task(patient(shared))
    try:
        await asyncio.wait_for(asyncio.shield(shared), 0.05)
    except asyncio.TimeoutError:
        print("main: TimeoutError")
    answered.set()
    await other


asyncio.run(main())
