"""Callers of a `SingleFlight` share one call; when the last of them is cancelled, the call is cancelled."""

import asyncio

from single_flight import SingleFlight


async def main() -> None:
    flights: "SingleFlight[str]" = SingleFlight()
    begun, answered = asyncio.Event(), asyncio.Event()

    async def load() -> str:
        print("load: begins")
        begun.set()
        try:
            await answered.wait()
            return "profile"
        except asyncio.CancelledError:
            print("load: cancelled")
            raise

    async def request(name: str) -> None:
        try:
            print(name, "got the", await flights.run("alice", load))
        except asyncio.CancelledError:
            print(name, "was cancelled")
            raise

    first = asyncio.create_task(request("first"))
    second = asyncio.create_task(request("second"))
    await begun.wait()
    first.cancel()
    await asyncio.wait({first})
    answered.set()
    await second

    print("main: once more")
    begun.clear()
    answered.clear()
    third = asyncio.create_task(request("third"))
    await begun.wait()
    third.cancel()
    await asyncio.wait({third})


asyncio.run(main())
