"""A background task runs after the response, is not cancelled when the client leaves, and delays the cleanup of the dependencies."""

# /// script
# requires-python = ">=3.11"
# dependencies = ["fastapi==0.165.0"]
# ///

import asyncio
from typing import AsyncIterator

from client_that_leaves import Client
from fastapi import BackgroundTasks, Depends, FastAPI

app, client = FastAPI(), Client()


async def connection() -> AsyncIterator[str]:
    try:
        yield "connection"
    finally:
        print("dependency: closed")


async def send_mail() -> None:
    print("task: begins, the client has status", client.status)
    client.left.set()
    await asyncio.sleep(0.05)
    print("task: ends")


@app.post("/", status_code=202, dependencies=[Depends(connection)])
async def report(tasks: BackgroundTasks) -> None:
    tasks.add_task(send_mail)
    print("handler: returns")


asyncio.run(client.request(app))
