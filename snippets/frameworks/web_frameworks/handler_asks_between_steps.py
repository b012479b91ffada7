"""`request.is_disconnected()` tells a handler between two steps that its client has gone.

The handler sets `client.left` itself, in place of a user who closes
the browser.
"""

# /// script
# requires-python = ">=3.11"
# dependencies = ["fastapi==0.165.0"]
# ///

import asyncio

from client_that_leaves import Client
from fastapi import FastAPI, Request

app, client = FastAPI(), Client()


@app.post("/")
async def report(request: Request) -> None:
    for step in range(1000):
        if await request.is_disconnected():
            print("handler: the client has gone, stopping")
            return
        print("handler: step", step)
        await asyncio.sleep(0)  # a short piece of work
        if step == 2:
            client.left.set()  # the user closes the browser


asyncio.run(client.request(app))
