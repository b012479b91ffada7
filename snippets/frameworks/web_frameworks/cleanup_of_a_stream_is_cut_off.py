"""The body of a `StreamingResponse` is cancelled at its `await` when the client disconnects, and an `await` in its cleanup is cancelled, too.

Below version 2.4 of the ASGI specification, which servers declare,
Starlette runs the body in an AnyIO task group and cancels that group.
"""

# /// script
# requires-python = ">=3.11"
# dependencies = ["fastapi==0.165.0"]
# [tool.pleasestop]
# wrong = "misleads"
# seen = "cleanup begins"
# ///

import asyncio
from typing import AsyncIterator

from client_that_leaves import Client
from fastapi import FastAPI
from fastapi.responses import StreamingResponse

app, client = FastAPI(), Client()


async def events() -> AsyncIterator[str]:
    try:
        yield "event"
        client.left.set()
        await asyncio.sleep(3600)  # until the next event
    except asyncio.CancelledError:
        print("stream: cancelled")
        raise
    finally:
        print("stream: cleanup begins")
        await asyncio.sleep(0.01)
        print("never printed: cleanup ends")


@app.post("/")
async def stream() -> StreamingResponse:
    return StreamingResponse(events())


asyncio.run(client.request(app))
print("the request has ended")
