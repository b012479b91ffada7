"""Three calls with a limit of 0.3 s each can take 0.9 s together."""

# /// script
# requires-python = ">=3.11"
# [tool.pleasestop]
# wrong = "misleads"
# seen = "longer than 0.8 s: True"
# ///

import asyncio


async def main() -> None:
    loop = asyncio.get_running_loop()
    start = loop.time()
    for server in "abc":
        try:
            async with asyncio.timeout(0.3):
                await asyncio.sleep(60)  # no answer
        except TimeoutError:
            print("no answer from", server)
    print("longer than 0.8 s:", loop.time() - start > 0.8)


asyncio.run(main())
