"""Setting the result of a cancelled future raises InvalidStateError."""

# /// script
# [tool.pleasestop]
# wrong = "misleads"
# seen = "InvalidStateError: invalid state"
# ///

import asyncio


async def main() -> None:
    loop = asyncio.get_running_loop()
    answer = loop.create_future()

    def arrive() -> None:
        answer.set_result(7)

    try:
        await asyncio.wait_for(answer, 0.01)
    except asyncio.TimeoutError:
        print("main: gave up, but the answer will come")
    loop.call_soon(arrive)
    await asyncio.sleep(0)


asyncio.run(main())
