# SPDX-License-Identifier: 0BSD
# Recipe: cancel_on_disconnect 1.0.0
# Source: Please Stop, recipes/cancel-on-disconnect
# Python: 3.8 or newer
"""Cancel an ASGI request when its client has gone."""

import asyncio
from typing import Any, Awaitable, Callable, MutableMapping

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Message, Receive, Send], Awaitable[None]]

_BODY = ("http.response.body", "http.response.pathsend")
_GONE = {"type": "http.disconnect"}


def cancel_on_disconnect(app: App, read_ahead: int = 16) -> App:
    """Wrap an ASGI application: no client, no work.

    An HTTP request gets its own task. That is cancelled, once, when
    the server tells of a disconnect before the response is complete;
    its cleanup is waited for. Other scopes are passed on.

    Only who reads the body learns of a disconnect. So it is read
    ahead of the application, which still gets all of it, in order.
    A disconnect behind `read_ahead` unread parts has to wait.

    When the caller is cancelled, so is the request, each time. When
    that has ended, the caller's CancelledError is raised; a failure
    of the request is its cause. Nothing is left running. Not
    thread-safe. For servers on asyncio, on every platform.

    Args:
        app: The ASGI application.
        read_ahead: Parts that may lie unread; ValueError below 1.

    Returns:
        An ASGI application. It raises what `app` raises.
    """
    if read_ahead < 1:
        raise ValueError("read_ahead must be one or more")

    async def wrapped(
        scope: Message, receive: Receive, send: Send
    ) -> None:
        if scope["type"] != "http":
            await app(scope, receive, send)
            return
        room = asyncio.Semaphore(read_ahead)
        unread: "asyncio.Queue[Message]" = asyncio.Queue()
        complete = gone = False

        async def watch() -> None:
            nonlocal gone
            try:
                while not gone:
                    await room.acquire()
                    message = await receive()
                    gone = message["type"] == _GONE["type"]
                    unread.put_nowait(message)
                if not complete:
                    handler.cancel()
            finally:
                unread.put_nowait(_GONE)

        async def read() -> Message:
            message = await unread.get()
            if message is _GONE:
                unread.put_nowait(_GONE)  # for the next call
                if not watcher.cancelled():
                    watcher.result()  # raises what receive() did
                return dict(_GONE)
            room.release()
            return message

        async def write(message: Message) -> None:
            nonlocal complete
            if message["type"] in _BODY:
                # Before it is sent: a disconnect comes after it.
                complete = not message.get("more_body", False)
            await send(message)

        handler = asyncio.ensure_future(app(scope, read, write))
        watcher = asyncio.ensure_future(watch())
        try:
            # Raises CancelledError only if the caller is cancelled.
            await asyncio.gather(handler, return_exceptions=True)
        except asyncio.CancelledError as request:
            if not handler.cancelled():
                request.__cause__ = handler.exception()
            raise
        finally:
            watcher.cancel()
            await asyncio.wait({watcher})
        if not (gone and handler.cancelled()):
            handler.result()

    return wrapped
