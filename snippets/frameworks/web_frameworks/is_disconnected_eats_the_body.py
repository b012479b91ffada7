"""`request.is_disconnected()` throws a part of the body away that was not read before.

The handler then waits for a body of which the only part is lost.
"""

# /// script
# requires-python = ">=3.11"
# dependencies = ["starlette==1.10.0"]
# [tool.pleasestop]
# wrong = "hangs"
# timeout = 0.7
# ///

import asyncio

from client_that_leaves import Client
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route


async def report(request: Request) -> Response:
    gone = await request.is_disconnected()
    print("handler: disconnected?", gone, flush=True)
    print("never printed:", await request.body())
    return Response()


app = Starlette(routes=[Route("/", report, methods=["POST"])])
asyncio.run(Client(body=b"why?").request(app))
