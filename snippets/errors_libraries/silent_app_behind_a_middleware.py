"""`BaseHTTPMiddleware` raises when the application inside ends without a response, as after a disconnect."""

# /// script
# requires-python = ">=3.11"
# dependencies = ["starlette==1.10.0"]
# [tool.pleasestop]
# wrong = "fails"
# exit = 1
# seen = "RuntimeError: No response returned."
# ///

import asyncio
from typing import Any

from starlette.middleware.base import BaseHTTPMiddleware
from starlette.types import Message, Receive, Scope, Send


async def app(_scope: Scope, receive: Receive, _send: Send) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
    print("app: the client has gone, no response")


class Middleware(BaseHTTPMiddleware):
    async def dispatch(self, request: Any, call_next: Any) -> Any:
        return await call_next(request)


async def receive() -> Message:
    return {"type": "http.disconnect"}


async def send(message: Message) -> None:
    print("server sends:", message["type"])


scope: Scope = {"type": "http", "method": "GET", "path": "/"}
scope.update(headers=[], query_string=b"")
asyncio.run(Middleware(app)(scope, receive, send))
