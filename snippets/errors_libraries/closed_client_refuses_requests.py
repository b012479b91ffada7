"""A client of httpx that was closed refuses requests, and cannot be opened again."""

# /// script
# requires-python = ">=3.11"
# dependencies = ["httpx==0.28.1"]
# [tool.pleasestop]
# wrong = "misleads"
# seen = "Cannot send a request, as the client has been closed."
# ///

import asyncio

import httpx

url = "http://localhost/"
server = httpx.MockTransport(lambda _: httpx.Response(200))


async def main() -> None:
    async with httpx.AsyncClient(transport=server) as client:
        print("in the block:", await client.get(url))
    try:
        await client.get(url)
    except RuntimeError as error:
        print("after it:", error)
    try:
        async with client:
            print("never printed")
    except RuntimeError as error:
        print("once more:", error)


asyncio.run(main())
