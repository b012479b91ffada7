# SPDX-License-Identifier: 0BSD
# Recipe: cancel_on_disconnect 1.1.3
# Source: Please Stop, recipes/cancel-on-disconnect
# Python: 3.8 or newer
"""Cancel an ASGI request when its client disconnects."""

import asyncio
from typing import Any, Awaitable, Callable, MutableMapping

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Message, Receive, Send], Awaitable[None]]


def cancel_on_disconnect(app: App, read_ahead: int = 16) -> App:
    """Wrap an ASGI application; the result raises what `app` raises.

    Each HTTP request is a task, with a copy of the context variables.
    When its client disconnects before `app` begins to send the last
    part of the body, this call cancels the request once, and waits for
    its cleanup. An AnyIO scope inside, as in BaseHTTPMiddleware,
    cancels each `await` of the cleanup outside a shielded AnyIO scope.

    Each cancellation of the caller cancels the request, and ends the
    reading ahead. When it has ended, CancelledError is raised; a
    failure of the request is its cause. Nothing is left running.
    A server reports a disconnect only to code that reads. So the body
    is read ahead of `app`; after an `Expect` header, once `app` reads.
    Not thread-safe. For servers on asyncio, on every platform.

    Args:
        app: The ASGI application. Only its HTTP requests are watched.
        read_ahead: Unread parts at which no disconnect is seen, from 1.
    """
    if not read_ahead >= 1 or read_ahead % 1 > 0:  # also for NaN
        raise ValueError("read_ahead must be a whole number from 1")

    async def wrapped(
        scope: Message, receive: Receive, send: Send
    ) -> None:
        if scope["type"] != "http":
            return await app(scope, receive, send)
        room, begin = asyncio.Semaphore(read_ahead), asyncio.Event()
        unread: "asyncio.Queue[Message]" = asyncio.Queue()
        complete = stopped = False
        if b"expect" not in dict(scope.get("headers", ())):
            begin.set()  # otherwise, reading invites the body

        async def watch() -> None:
            nonlocal stopped
            await begin.wait()
            while not tasks[0].done():
                await room.acquire()
                unread.put_nowait(message := await receive())
                if message["type"] == "http.disconnect":
                    stopped = not complete and tasks[0].cancel()
                    break

        async def read() -> Message:
            begin.set()
            if message := await unread.get():
                room.release()
                return message
            unread.put_nowait({})  # for the next call
            if not tasks or tasks[1].cancelled():
                return await receive()
            tasks[1].result()  # raises what receive() did
            return {"type": "http.disconnect"}

        async def write(message: Message) -> None:
            nonlocal complete
            # The types of body, pathsend and zerocopysend. Not after
            # send(): the server reports a disconnect during that.
            if message["type"].endswith(("body", "send")):
                complete = not message.get("more_body", False)
            await send(message)

        tasks = [asyncio.ensure_future(app(scope, read, write))]
        tasks.append(asyncio.ensure_future(watch()))
        tasks[1].add_done_callback(lambda _: unread.put_nowait({}))
        tasks[0].add_done_callback(
            lambda _: tasks and tasks[1].cancel()
        )
        try:
            try:
                await asyncio.gather(*tasks, return_exceptions=True)
            except asyncio.CancelledError:  # gather passed it on
                await asyncio.sleep(0)  # AnyIO cancels here again
                raise
            if not (stopped and tasks[0].cancelled()):
                tasks[0].result()
        except asyncio.CancelledError as error:
            if not tasks[0].cancelled():
                error.__cause__ = tasks[0].exception()
            raise
        finally:
            tasks.clear()  # their errors refer to this frame

    return wrapped
