"""A client of httpx that was closed refuses requests, and cannot be opened again."""

# /// script
# requires-python = ">=3.11"
# dependencies = ["httpx==0.28.1"]
# [tool.pleasestop]
# wrong = "misleads"
# seen = "RuntimeError: Cannot send a request, as the client has been closed."
# ///

import asyncio

import httpx


async def main() -> None:
    async with httpx.AsyncClient() as client:
        pass
    try:
        await client.get("http://127.0.0.1:1/")
    except RuntimeError as error:
        print("get: RuntimeError:", error)
    try:
        async with client:
            pass
    except RuntimeError as error:
        print("async with: RuntimeError:", error)


asyncio.run(main())
