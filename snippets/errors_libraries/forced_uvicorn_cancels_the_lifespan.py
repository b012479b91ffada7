"""A forced exit of uvicorn skips the lifespan's shutdown, and `asyncio.run` then cancels the lifespan."""

# /// script
# requires-python = ">=3.11"
# dependencies = ["uvicorn==0.54.0", "starlette==1.10.0"]
# [tool.pleasestop]
# wrong = "misleads"
# seen = "asyncio.exceptions.CancelledError"
# masked = ["process .[0-9]+.", ":[0-9]{4,5}"]
# ///

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import uvicorn
from starlette.applications import Starlette


@asynccontextmanager
async def lifespan(_: Starlette) -> AsyncIterator[None]:
    yield
    print("lifespan: never printed")


class Server(uvicorn.Server):
    async def startup(self, sockets: Any = None) -> None:
        await super().startup(sockets)
        # As two times Ctrl-C:
        self.should_exit = self.force_exit = True


app = Starlette(lifespan=lifespan)
Server(uvicorn.Config(app, port=0)).run()
