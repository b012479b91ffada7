"""A shielded cancel scope lets the cleanup of a `StreamingResponse` finish after the client has gone."""

# /// script
# requires-python = ">=3.11"
# dependencies = ["fastapi==0.165.0", "anyio==4.16.0"]
# ///

import asyncio
from typing import AsyncIterator

import anyio
from client_that_leaves import Client
from fastapi import FastAPI
from fastapi.responses import StreamingResponse

app, client = FastAPI(), Client()


async def events() -> AsyncIterator[str]:
    try:
        yield "event"
        client.left.set()
        await asyncio.sleep(3600)  # until the next event
    finally:
        with anyio.move_on_after(5, shield=True):
            print("stream: cleanup begins")
            await asyncio.sleep(0.01)
            print("stream: cleanup ends")


@app.post("/")
async def stream() -> StreamingResponse:
    return StreamingResponse(events())


asyncio.run(client.request(app))
print("the request has ended")
