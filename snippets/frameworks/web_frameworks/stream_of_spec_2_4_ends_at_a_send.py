"""Under version 2.4 of ASGI, a disconnect ends a `StreamingResponse` only at its next `send`, the background task is dropped, and the body is closed after its dependency."""

# /// script
# requires-python = ">=3.11"
# dependencies = ["fastapi==0.165.0"]
# ///

import asyncio
from typing import AsyncIterator

from client_that_leaves import Client
from fastapi import BackgroundTasks, Depends, FastAPI
from fastapi.responses import StreamingResponse
from starlette.requests import ClientDisconnect

app, client = FastAPI(), Client(asgi="2.4")


async def connection() -> AsyncIterator[str]:
    try:
        yield "connection"
    finally:
        print("dependency: closed")


async def events() -> AsyncIterator[str]:
    try:
        yield "event"
        client.left.set()
        await asyncio.sleep(0.05)
        print("stream: not cancelled, sending the next event")
        yield "event"
    finally:
        print("stream: closed")


@app.post("/", dependencies=[Depends(connection)])
async def stream(tasks: BackgroundTasks) -> StreamingResponse:
    tasks.add_task(print, "never printed: background task")
    return StreamingResponse(events(), background=tasks)


async def main() -> None:
    try:
        await client.request(app)
    except ClientDisconnect:
        print("server: ClientDisconnect")
    await asyncio.sleep(0.01)


asyncio.run(main())
