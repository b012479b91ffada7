# SPDX-License-Identifier: 0BSD
# Recipe: close_server 1.1.2
# Source: Please Stop, recipes/close-server
# Python: 3.8 or newer
"""Close an asyncio server together with its open connections."""

import asyncio
import math
from asyncio import AbstractServer, StreamReader, StreamWriter, wait
from contextlib import suppress
from typing import Any, Awaitable, Callable, Dict

Handler = Callable[[StreamReader, StreamWriter], Awaitable[None]]


class Connections:
    """The connections of one server; pass it to `start_server`.

    Each is a task that runs `handle`, sends what is buffered, then
    closes the connection; a cancelled task aborts it. An `Exception`
    goes to the loop's exception handler. Not thread-safe; any platform.
    """

    def __init__(self, handle: Handler) -> None:
        self._handle = handle
        self.tasks: "Dict[asyncio.Task[None], StreamWriter]" = {}
        self.closed = False

    def __call__(self, reader: Any, writer: StreamWriter) -> None:
        if self.closed:  # for example, during a TLS handshake
            writer.transport.abort()
            return
        task = asyncio.create_task(self._run(reader, writer))
        self.tasks[task] = writer
        task.add_done_callback(lambda t: _abort(self.tasks.pop(t)))

    async def _run(self, reader: Any, writer: StreamWriter) -> None:
        await asyncio.sleep(
            0
        )  # an eager task is in `tasks` by then
        try:
            await self._handle(reader, writer)
        except Exception as error:
            asyncio.get_running_loop().call_exception_handler(
                {"message": "a handler failed", "exception": error}
            )
        writer.close()
        with suppress(Exception):  # why the connection was lost
            await writer.wait_closed()


def _abort(writer: StreamWriter) -> None:
    with suppress(AttributeError):  # of asyncio, if it is closed
        writer.transport.abort()


async def close_server(
    server: AbstractServer,
    connections: Connections,
    *,
    grace: float = 10.0,
    cleanup: float = 1.0,
) -> None:
    """Stop accepting, let the connections end, then end them.

    After `grace` seconds, this call cancels each handler once, and
    `cleanup` seconds later it aborts their connections. It returns
    when all have ended and are closed; a second call waits for that,
    and if it is cancelled, only its wait ends.
    If the first caller is cancelled, the grace ends, and CancelledError
    is raised after the cleanup. A cancellation during the cleanup ends
    it at once; then handlers may run on, without connections.

    Raises RuntimeError in the task of a handler, ValueError for NaN.
    """
    if math.isnan(grace) or math.isnan(cleanup):
        raise ValueError("a limit is not a number")
    tasks = connections.tasks
    if asyncio.current_task() in tasks:
        raise RuntimeError("a handler cannot wait for its own end")
    server.close()
    if not connections.closed:
        try:
            connections.closed = True
            if tasks:
                await wait(tasks, timeout=float(grace))
        finally:
            for task in tasks:
                task.cancel()
            try:
                if tasks:
                    await wait(tasks, timeout=float(cleanup))
            finally:
                for writer in tasks.values():
                    _abort(writer)
                # Handshakes too; before Python 3.13 this does nothing.
                getattr(server, "abort_clients", int)()
    if tasks:
        await wait(tasks)
    await asyncio.sleep(0)  # closes the sockets
