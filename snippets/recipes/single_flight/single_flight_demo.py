"""Callers of a `SingleFlight` share one call; when the time of the last one is up, the call is cancelled."""

import asyncio

from single_flight import SingleFlight

flights: "SingleFlight[str]" = SingleFlight()


async def load() -> str:
    print("load: begins")
    try:
        await asyncio.sleep(0.2)
        return "profile"
    except asyncio.CancelledError:
        print("load: cancelled")
        raise


async def request(name: str, limit: float) -> None:
    work = flights.run("alice", load)
    try:
        print(name, "got the", await asyncio.wait_for(work, limit))
    except asyncio.TimeoutError:
        print(name, "timed out")


async def main() -> None:
    await asyncio.gather(
        request("first", 0.01), request("second", 5)
    )
    print("main: once more")
    await request("third", 0.01)


asyncio.run(main())
