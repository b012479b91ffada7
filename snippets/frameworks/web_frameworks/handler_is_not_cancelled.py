"""A FastAPI handler is not cancelled when its client disconnects.

The `except` block is not entered, and the handler works to its end.
"""

# /// script
# requires-python = ">=3.11"
# dependencies = ["fastapi==0.165.0"]
# [tool.pleasestop]
# wrong = "misleads"
# seen = "finished, and no client is left"
# ///

import asyncio

from client_that_leaves import Client
from fastapi import FastAPI

app, client = FastAPI(), Client()


@app.post("/")
async def report() -> None:
    try:
        print("handler: a long query begins")
        client.left.set()
        await asyncio.sleep(0.1)
        print("handler: finished, and no client is left")
    except asyncio.CancelledError:
        print("never printed: the client has gone")
        raise


asyncio.run(client.request(app))
