"""`asyncio.timeout` around a handler without `async` ends the wait, while the handler works on in a thread that is no longer counted."""

# /// script
# requires-python = ">=3.11"
# dependencies = ["fastapi==0.165.0", "anyio==4.16.0"]
# [tool.pleasestop]
# wrong = "misleads"
# seen = "handler: works on"
# ///

import asyncio
import threading

from anyio import from_thread, to_thread
from client_that_leaves import Client
from fastapi import FastAPI

app = FastAPI()
limit_is_over, ended = threading.Event(), threading.Event()
limit = asyncio.Timeout(None)


@app.post("/")
def report() -> None:
    from_thread.run_sync(limit.reschedule, 0)  # the time is up
    limit_is_over.wait(5)  # a long computation
    print("handler: works on, and writes to the database")
    ended.set()


async def main() -> None:
    try:
        async with limit:
            await Client().request(app)
    except TimeoutError:
        print("server: the limit is over")
    limiter = to_thread.current_default_thread_limiter()
    used, total = limiter.borrowed_tokens, limiter.total_tokens
    print("server:", used, "of", total, "threads are in use")
    limit_is_over.set()
    await asyncio.to_thread(ended.wait)


asyncio.run(main())
