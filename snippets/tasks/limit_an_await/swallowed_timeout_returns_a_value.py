"""A child that swallows the cancellation and returns a value hides the timeout.

`wait_for` returns what the child returns. The `timeout()` block goes on
to its end, without a limit, because it cancels only once.
"""

# /// script
# requires-python = ">=3.11"
# [tool.pleasestop]
# wrong = "misleads"
# seen = "wait_for returned half an answer"
# ///

import asyncio


async def stubborn() -> str:
    try:
        await asyncio.sleep(60)
    except asyncio.CancelledError:
        return "half an answer"  # should be `raise`
    return "the answer"


async def main() -> None:
    answer = await asyncio.wait_for(stubborn(), 0.05)
    print("wait_for returned", answer)

    async with asyncio.timeout(0.05) as limit:
        answer = await stubborn()
        await asyncio.sleep(0.2)
        print("inside: still here with", answer)
    print("no TimeoutError; expired:", limit.expired())


asyncio.run(main())
