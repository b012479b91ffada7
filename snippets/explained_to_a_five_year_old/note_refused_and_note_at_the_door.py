"""A task can refuse its cancellation; one that has not started cannot."""

import asyncio


async def play(name: str, asleep: asyncio.Event) -> None:
    print(f"{name}: takes out the bricks")
    try:
        asleep.set()
        await asyncio.sleep(60)
    except asyncio.CancelledError:
        print(f"{name}: no, one more tower")


async def main() -> None:
    asleep = asyncio.Event()
    tom = asyncio.create_task(play("Tom", asleep))
    await asleep.wait()
    ann = asyncio.create_task(play("Ann", asleep))  # at the door
    print("Mia: a note for Tom:", tom.cancel())
    print("Mia: a note for Ann:", ann.cancel())
    await asyncio.wait([tom, ann])
    print("Tom was stopped:", tom.cancelled())
    print("Ann was stopped:", ann.cancelled())


asyncio.run(main())
