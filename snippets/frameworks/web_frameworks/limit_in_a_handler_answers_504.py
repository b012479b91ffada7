"""A limit inside a handler cancels the slow part and lets the handler answer 504."""

# /// script
# requires-python = ">=3.11"
# dependencies = ["fastapi==0.165.0"]
# ///

import asyncio

from client_that_leaves import Client
from fastapi import FastAPI, HTTPException

app, client = FastAPI(), Client()


async def query() -> str:
    try:
        return await asyncio.sleep(3600, "42")
    finally:
        print("query: cancelled, cleaning up")


@app.post("/")
async def report() -> str:
    try:
        async with asyncio.timeout(0.05):
            return await query()
    except TimeoutError:
        raise HTTPException(
            504, "the query took too long"
        ) from None


asyncio.run(client.request(app))
print("client: status", client.status)
