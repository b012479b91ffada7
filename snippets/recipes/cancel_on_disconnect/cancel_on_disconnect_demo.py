"""`cancel_on_disconnect` cancels a request when its client disconnects, but not work that follows the response."""

import asyncio

from cancel_on_disconnect import (
    Message,
    Receive,
    Send,
    cancel_on_disconnect,
)


@cancel_on_disconnect
async def app(scope: Message, receive: Receive, send: Send) -> None:
    path = scope["path"]
    question = (await receive())["body"]
    print(path, "got:", question.decode())
    try:
        await asyncio.sleep(0.05 if path == "/fast" else 3600)
        await send({"type": "http.response.start", "status": 200})
        await send({"type": "http.response.body"})
        await asyncio.sleep(0.05)
        print(path, "counts the visit")
    except asyncio.CancelledError:
        await asyncio.sleep(0.05)
        print(path, "is cancelled and has cleaned up")
        raise


async def serve(path: str, leave: asyncio.Event) -> None:
    body = {"type": "http.request", "body": b"why?"}
    messages: "asyncio.Queue[Message]" = asyncio.Queue()
    messages.put_nowait(body)

    async def send(message: Message) -> None:
        if message["type"] == "http.response.body":
            leave.set()  # a server reports a disconnect now

    async def receive() -> Message:
        if messages.empty():
            await leave.wait()
            return {"type": "http.disconnect"}
        return await messages.get()

    await app({"type": "http", "path": path}, receive, send)
    print(path, "has ended")


async def main() -> None:
    await serve("/fast", asyncio.Event())
    leave = asyncio.Event()
    slow = asyncio.create_task(serve("/slow", leave))
    await asyncio.sleep(0.05)
    leave.set()  # the browser was closed
    await slow


asyncio.run(main())
