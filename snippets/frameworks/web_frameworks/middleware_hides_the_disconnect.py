"""Behind a `BaseHTTPMiddleware`, `request.is_disconnected()` returns False although the client has gone.

`@app.middleware("http")` adds such a middleware.
"""

# /// script
# requires-python = ">=3.11"
# dependencies = ["fastapi==0.165.0"]
# [tool.pleasestop]
# wrong = "misleads"
# seen = "disconnected? False"
# ///

import asyncio
from typing import Awaitable, Callable

from client_that_leaves import Client
from fastapi import FastAPI, Request, Response

app, client = FastAPI(), Client()


@app.middleware("http")
async def unchanged(
    request: Request, call: Callable[[Request], Awaitable[Response]]
) -> Response:
    return await call(request)


@app.post("/")
async def report(request: Request) -> None:
    client.left.set()
    for _ in range(3):
        gone = await request.is_disconnected()
        print("handler: disconnected?", gone)
        await asyncio.sleep(0.01)


asyncio.run(client.request(app))
