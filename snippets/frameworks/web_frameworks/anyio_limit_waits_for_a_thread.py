"""`anyio.fail_after` around a handler without `async` waits until the handler returns, and only then raises `TimeoutError`.

The response is lost, although the handler has made it.
"""

# /// script
# requires-python = ">=3.11"
# dependencies = ["fastapi==0.165.0", "anyio==4.16.0"]
# [tool.pleasestop]
# wrong = "misleads"
# seen = "server: the limit is over; client: 0"
# ///

import asyncio
import time

import anyio
from client_that_leaves import Client
from fastapi import FastAPI

app, client = FastAPI(), Client()


async def main() -> None:
    @app.post("/")
    def report() -> None:
        anyio.from_thread.run_sync(end_the_limit)
        time.sleep(0.3)  # a long computation
        print("handler: returns, far too late")

    def end_the_limit() -> None:
        scope.deadline = anyio.current_time()

    try:
        with anyio.fail_after(3600) as scope:
            await client.request(app)
    except TimeoutError:
        print("server: the limit is over; client:", client.status)


asyncio.run(main())
