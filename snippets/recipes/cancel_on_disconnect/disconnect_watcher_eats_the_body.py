"""A task that reads until `http.disconnect` takes the body away from the handler, which then waits forever."""

# /// script
# [tool.pleasestop]
# wrong = "hangs"
# timeout = 0.7
# ///

import asyncio
from typing import Any, Awaitable, Callable, Dict

Receive = Callable[[], Awaitable[Dict[str, Any]]]


async def disconnected(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def handler(receive: Receive) -> None:
    await asyncio.sleep(0.05)  # a query, who this is
    print("handler: waits for the body", flush=True)
    body = (await receive())["body"]
    print("handler: never printed:", body)


async def app(receive: Receive) -> None:
    work = asyncio.create_task(handler(receive))
    watcher = asyncio.create_task(disconnected(receive))
    await asyncio.wait(
        {work, watcher}, return_when=asyncio.FIRST_COMPLETED
    )
    work.cancel()
    watcher.cancel()


async def main() -> None:
    messages: "asyncio.Queue[Dict[str, Any]]" = asyncio.Queue()
    messages.put_nowait({"type": "http.request", "body": b"why?"})
    await app(messages.get)  # the client waits for its response


asyncio.run(main())
