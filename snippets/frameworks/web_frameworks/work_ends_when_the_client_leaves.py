"""A handler that waits for its work and for the disconnect together cancels the work when its client leaves, also behind a `BaseHTTPMiddleware`.

When the handler calls `until_gone`, the body must have been read: the
function throws away every message up to the disconnect. FastAPI reads
the body before it calls a handler with a body parameter.
"""

# /// script
# requires-python = ">=3.11"
# dependencies = ["fastapi==0.165.0"]
# ///

import asyncio
from typing import Any, Awaitable, Callable, Coroutine

from client_that_leaves import Client
from fastapi import FastAPI, HTTPException, Request, Response


async def disconnected(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass


async def until_gone(
    request: Request, work: Coroutine[Any, Any, str]
) -> str:
    task = asyncio.create_task(work, name="work")
    gone = asyncio.create_task(disconnected(request), name="gone")
    both = {task, gone}
    try:
        await asyncio.wait(both, return_when="FIRST_COMPLETED")
    finally:
        left = not task.done()
        for each in both:
            each.cancel()
        await asyncio.wait(both)
    if left:
        raise HTTPException(499, "the client has gone")
    return task.result()


async def query() -> str:
    try:
        client.left.set()
        return await asyncio.sleep(3600, "42")
    finally:
        print("query: cancelled, cleaning up")


app, client = FastAPI(), Client()


@app.middleware("http")
async def unchanged(
    request: Request, call: Callable[[Request], Awaitable[Response]]
) -> Response:
    return await call(request)


@app.post("/")
async def report(request: Request) -> str:
    return await until_gone(request, query())


asyncio.run(client.request(app))
print("the request has ended with status", client.status)
