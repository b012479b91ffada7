"""A forced exit of uvicorn skips the lifespan's shutdown, and `asyncio.run` then cancels the lifespan."""

# /// script
# requires-python = ">=3.11"
# dependencies = ["uvicorn==0.54.0", "starlette==1.10.0"]
# [tool.pleasestop]
# wrong = "misleads"
# seen = "asyncio.exceptions.CancelledError"
# masked = ['[0-9]+\]', ":[0-9]{4,5}", '(?<=File ").*(?=")', "line [0-9]+"]
# ///

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import uvicorn
from starlette.applications import Starlette


@asynccontextmanager
async def lifespan(_: Starlette) -> AsyncIterator[None]:
    yield
    print("lifespan: never printed")


async def main() -> None:
    app = Starlette(lifespan=lifespan)
    server = uvicorn.Server(uvicorn.Config(app, port=0))
    serving = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.01)
    # As two times Ctrl-C:
    server.should_exit = server.force_exit = True
    await serving


asyncio.run(main())
