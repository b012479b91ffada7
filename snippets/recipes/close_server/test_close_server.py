# SPDX-License-Identifier: 0BSD
"""What `close_server` promises, one test each."""

import asyncio
import contextlib
import gc
import math
import os
import socket
import ssl
import sys
import weakref
from asyncio import AbstractServer, StreamReader, StreamWriter
from decimal import Decimal
from fractions import Fraction
from typing import Any, Awaitable, Callable, List, Optional, Tuple

import pytest

from close_server import Connections, close_server

LONG = 60.0  # seconds; reached only when a promise is broken
MUCH = (
    b"x" * 16_000_000
)  # more than the buffers of two sockets hold
HOST = "127.0.0.1"


def _run(main: Callable[[], Awaitable[None]]) -> List[str]:
    """Run `main`; fail if it leaves a task; return what was reported."""
    reports: List[str] = []

    async def watched() -> None:
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(
            lambda _, c: reports.append(f"{c['exception']}")
        )
        await asyncio.wait_for(main(), LONG)
        await asyncio.sleep(0)
        gc.collect()
        assert asyncio.all_tasks() == {asyncio.current_task()}

    asyncio.run(watched())
    return reports


async def _started(work: Awaitable[Any]) -> "asyncio.Task[Any]":
    task = asyncio.ensure_future(work)
    assert isinstance(task, asyncio.Task)
    for _ in range(10):
        await asyncio.sleep(0)
    return task


class _Handler:
    """A handler that ends when the test says so, and logs what happened."""

    def __init__(self, *, slow: bool = False) -> None:
        self.log: List[str] = []
        self.began = asyncio.Event()
        self.end = asyncio.Event()
        self.clean = asyncio.Event()
        self.cleaning = asyncio.Event()
        if not slow:
            self.clean.set()

    async def __call__(
        self, _: StreamReader, writer: StreamWriter
    ) -> None:
        self.log.append("began")
        self.began.set()
        try:
            await self.end.wait()
            writer.write(b"bye")
        except asyncio.CancelledError:
            self.log.append("cleaning")
            self.cleaning.set()
            try:
                await self.clean.wait()
            except asyncio.CancelledError:
                self.log.append("cut off")
                raise
            self.log.append("clean")
            raise


class _Client:
    """A client of a server; `ended` waits until its connection ends."""

    def __init__(
        self, streams: Tuple[StreamReader, StreamWriter]
    ) -> None:
        self.reader, self.writer = streams

    async def ended(self) -> bytes:
        received = b""
        with contextlib.suppress(ConnectionError):
            while True:
                data = await self.reader.read(1_000_000)
                received += data
                if not data:
                    break
        self.writer.close()
        return received


def _address(server: AbstractServer) -> Any:
    assert isinstance(server, asyncio.AbstractServer)
    return getattr(server, "sockets")[0].getsockname()  # noqa: B009


async def _connect(
    server: AbstractServer, **options: Any
) -> _Client:
    host, port = _address(server)
    return _Client(
        await asyncio.open_connection(host, port, **options)
    )


Serve = Callable[[StreamReader, StreamWriter], Awaitable[None]]


async def _serve(
    handle: Serve, **options: Any
) -> "Tuple[asyncio.AbstractServer, Connections]":
    connections = Connections(handle)
    server = await asyncio.start_server(
        connections, HOST, 0, **options
    )
    return server, connections


async def _at_work(
    handler: _Handler,
) -> "Tuple[asyncio.AbstractServer, Connections, _Client]":
    """A server with one connection, whose handler has begun."""
    server, connections = await _serve(handler)
    client = await _connect(server)
    await handler.began.wait()
    return server, connections, client


async def _flood(_: StreamReader, writer: StreamWriter) -> None:
    """Send until the client does not read any more, and go on."""
    while True:
        writer.write(MUCH)
        await writer.drain()


def test_handlers_end_in_time() -> None:
    """Handlers may end within `grace` seconds; the call returns as soon as all have."""

    async def main() -> None:
        handler = _Handler()
        server, connections, client = await _at_work(handler)
        other = await _connect(server)
        call = await _started(
            close_server(server, connections, grace=LONG)
        )
        assert not call.done()
        handler.end.set()
        await call
        assert handler.log == ["began", "began"]
        assert await client.ended() == b"bye"
        assert await other.ended() == b"bye"

    assert _run(main) == []


def test_buffered_data_is_sent() -> None:
    """What a handler has written when it returns is sent first, within the grace."""

    async def main() -> None:
        began = asyncio.Event()

        async def handle(
            _: StreamReader, writer: StreamWriter
        ) -> None:
            writer.write(MUCH)
            began.set()

        server, connections = await _serve(handle)
        client = await _connect(server)
        await began.wait()
        call = await _started(
            close_server(server, connections, grace=LONG)
        )
        assert not call.done()
        assert await client.ended() == MUCH
        await call

    assert _run(main) == []


def test_cancelled_after_grace() -> None:
    """When the grace is over, the call cancels each handler once, and waits for its cleanup."""

    async def main() -> None:
        handler = _Handler(slow=True)
        server, connections, client = await _at_work(handler)
        call = await _started(
            close_server(
                server, connections, grace=0.01, cleanup=LONG
            )
        )
        await handler.cleaning.wait()
        assert not call.done()
        handler.clean.set()
        await call
        assert handler.log == ["began", "cleaning", "clean"]
        assert await client.ended() == b""

    assert _run(main) == []


@pytest.mark.parametrize("number", [Decimal, Fraction])
def test_kind_of_number(number: Any) -> None:
    """A limit may be a Decimal or a Fraction."""

    async def main() -> None:
        handler = _Handler()
        server, connections, client = await _at_work(handler)
        call = await _started(
            close_server(
                server, connections, grace=number(60), cleanup=LONG
            )
        )
        handler.end.set()
        await call
        assert await client.ended() == b"bye"
        handler = _Handler()
        server, connections, client = await _at_work(handler)
        await close_server(
            server, connections, grace=0, cleanup=number(60)
        )
        assert handler.log == ["began", "cleaning", "clean"]
        await client.ended()

    assert _run(main) == []


def test_client_does_not_read() -> None:
    """A client that does not read: when `cleanup` is over as well, its connection is aborted, and a cleanup that waits for it ends."""

    async def main() -> None:
        log: List[str] = []

        async def handle(
            _: StreamReader, writer: StreamWriter
        ) -> None:
            try:
                await _flood(_, writer)
            finally:
                log.append("cleaning")
                writer.close()
                with contextlib.suppress(ConnectionError):
                    await writer.wait_closed()
                log.append("clean")

        server, connections = await _serve(handle)
        client = await _connect(server)
        await client.reader.readexactly(1)
        await close_server(
            server, connections, grace=0.01, cleanup=0.01
        )
        assert log == ["cleaning", "clean"]
        await client.ended()

    assert _run(main) == []


def test_client_does_not_read_the_rest() -> None:
    """A connection whose handler has returned, but whose client does not read, is aborted when the grace is over."""

    async def main() -> None:
        async def handle(
            _: StreamReader, writer: StreamWriter
        ) -> None:
            writer.write(MUCH * 2)

        server, connections = await _serve(handle)
        client = await _connect(server)
        await client.reader.readexactly(1)
        await close_server(
            server, connections, grace=0.01, cleanup=LONG
        )
        assert len(await client.ended()) < len(MUCH * 2)

    assert _run(main) == []


def test_handler_returns() -> None:
    """When a handler returns, its connection is closed, also without a `close` of its own."""

    async def main() -> None:
        handler = _Handler()
        server, connections, client = await _at_work(handler)
        handler.end.set()
        assert await client.ended() == b"bye"
        await close_server(server, connections)

    assert _run(main) == []


def test_handler_closes() -> None:
    """A handler may close its connection itself, and wait for that."""

    async def main() -> None:
        async def handle(
            _: StreamReader, writer: StreamWriter
        ) -> None:
            writer.write(b"bye")
            writer.close()
            await writer.wait_closed()

        server, connections = await _serve(handle)
        client = await _connect(server)
        assert await client.ended() == b"bye"
        await close_server(server, connections)

    assert _run(main) == []


def test_handler_fails() -> None:
    """A failing handler is reported at once, and its connection is closed after what it has written; the others go on."""

    async def main() -> None:
        handler = _Handler()
        fail = [True]

        async def handle(
            reader: StreamReader, writer: StreamWriter
        ) -> None:
            if fail.pop():
                writer.write(b"sorry")
                raise ValueError("bad")
            await handler(reader, writer)

        server, connections = await _serve(handle)
        client = await _connect(server)
        assert await client.ended() == b"sorry"
        fail.append(False)
        other = await _connect(server)
        await handler.began.wait()
        handler.end.set()
        assert await other.ended() == b"bye"
        await close_server(server, connections)

    assert _run(main) == ["bad"]


def test_cleanup_fails() -> None:
    """A cleanup that fails is reported, and holds nothing up."""

    async def main() -> None:
        async def handle(
            reader: StreamReader, _: StreamWriter
        ) -> None:
            try:
                await reader.read()
            finally:
                raise OSError("cleanup")

        server, connections = await _serve(handle)
        client = await _connect(server)
        client.writer.write(b"hello")
        await client.writer.drain()
        await asyncio.sleep(0.01)
        await close_server(server, connections, grace=0)
        await client.ended()

    assert _run(main) == ["cleanup"]


def test_no_cycle() -> None:
    """The failure of a handler leaves no reference cycle behind."""

    class Value:
        pass

    kept: "List[weakref.ref[Value]]" = []

    async def main() -> None:
        async def handle(_: StreamReader, __: StreamWriter) -> None:
            value = Value()
            kept.append(weakref.ref(value))
            raise ValueError("bad")

        server, connections = await _serve(handle)
        client = await _connect(server)
        await client.ended()
        await close_server(server, connections)
        assert kept[0]() is None

    gc.disable()
    try:
        assert _run(main) == ["bad"]
    finally:
        gc.enable()


def test_stops_accepting() -> None:
    """New connections are refused from the start of the call; the address is free when it has returned."""

    async def main() -> None:
        handler = _Handler()
        server, connections, client = await _at_work(handler)
        host, port = _address(server)
        call = await _started(
            close_server(server, connections, grace=LONG)
        )
        with pytest.raises(OSError):  # noqa: PT011
            await asyncio.open_connection(host, port)
        handler.end.set()
        await call
        again = await asyncio.start_server(handler, host, port)
        again.close()
        await client.ended()

    assert _run(main) == []


def test_connection_comes_late() -> None:
    """A connection that was accepted before, but is ready only now, is aborted, and gets no handler."""

    async def main() -> None:
        handler = _Handler()
        server, connections, client = await _at_work(handler)
        handler.end.set()
        await client.ended()
        await close_server(server, connections)
        kept: List[StreamWriter] = []  # else Python may close it

        def accept(
            reader: StreamReader, writer: StreamWriter
        ) -> None:
            kept.append(writer)
            connections(reader, writer)

        late = await asyncio.start_server(accept, HOST, 0)
        assert await (await _connect(late)).ended() == b""
        assert handler.log == ["began"]
        await close_server(late, connections)

    assert _run(main) == []


@pytest.mark.parametrize("grace", [0, -1, math.inf])
def test_limits(grace: float) -> None:
    """With a grace of zero or less, handlers are cancelled at once; with `math.inf`, they are waited for."""

    async def main() -> None:
        handler = _Handler()
        server, connections, client = await _at_work(handler)
        call = await _started(
            close_server(server, connections, grace=grace)
        )
        if grace == math.inf:
            assert handler.log == ["began"]
            handler.end.set()
            await call
            assert await client.ended() == b"bye"
        else:
            await call
            assert handler.log == ["began", "cleaning", "clean"]
            await client.ended()

    assert _run(main) == []


@pytest.mark.parametrize("cleanup", [0, -1, math.inf])
def test_limits_of_cleanup(cleanup: float) -> None:
    """A `cleanup` of zero or less aborts the connections at once, but the handlers are still waited for; `math.inf` never aborts."""

    async def main() -> None:
        handler = _Handler(slow=True)
        server, connections, client = await _at_work(handler)
        call = await _started(
            close_server(
                server, connections, grace=0, cleanup=cleanup
            )
        )
        await handler.cleaning.wait()
        if cleanup == math.inf:
            with pytest.raises(asyncio.TimeoutError):
                await asyncio.wait_for(client.ended(), 0.01)
        else:
            await client.ended()
        assert not call.done()
        handler.clean.set()
        await call
        await client.ended()

    assert _run(main) == []


def test_not_a_number() -> None:
    """A limit that is not a number gives ValueError, and the server is not closed."""

    async def main() -> None:
        handler = _Handler()
        server, connections, client = await _at_work(handler)
        for limits in ({"grace": math.nan}, {"cleanup": math.nan}):
            with pytest.raises(ValueError, match="not a number"):
                await close_server(server, connections, **limits)
        other = await _connect(server)
        handler.end.set()
        assert await client.ended() == b"bye"
        assert await other.ended() == b"bye"
        await close_server(server, connections)

    assert _run(main) == []


def test_nothing_is_open() -> None:
    """Without a connection the call returns at once; a server that is closed already is closed again without harm."""

    async def main() -> None:
        server, connections = await _serve(_Handler())
        await close_server(server, connections, grace=LONG)
        await close_server(server, connections, grace=LONG)
        server, connections = await _serve(_Handler())
        server.close()
        await close_server(server, connections, grace=LONG)

    assert _run(main) == []


def test_handler_has_not_begun() -> None:
    """A handler that is cancelled before its first step never runs, and its connection is aborted."""

    async def main() -> None:
        handler = _Handler()
        connections = Connections(handler)

        def accept(
            reader: StreamReader, writer: StreamWriter
        ) -> None:
            before = asyncio.all_tasks()
            connections(reader, writer)
            for task in asyncio.all_tasks() - before:
                task.cancel()

        server = await asyncio.start_server(accept, HOST, 0)
        client = await _connect(server)
        assert await client.ended() == b""
        assert handler.log == []
        await close_server(server, connections)

    assert _run(main) == []


def test_called_twice() -> None:
    """A second call, beside the first or after it, waits too, and cancels no handler again."""

    async def main() -> None:
        handler = _Handler(slow=True)
        server, connections, client = await _at_work(handler)
        first = await _started(
            close_server(server, connections, grace=0, cleanup=LONG)
        )
        await handler.cleaning.wait()
        second = await _started(
            close_server(server, connections, grace=0, cleanup=0)
        )
        assert not first.done()
        assert not second.done()
        handler.clean.set()
        await asyncio.gather(first, second)
        await close_server(server, connections, grace=0)
        assert handler.log == ["began", "cleaning", "clean"]
        await client.ended()

    assert _run(main) == []


def test_caller_cancelled() -> None:
    """A caller that is cancelled in the grace: the handlers are cancelled, and their cleanup is waited for; then CancelledError is raised."""

    async def main() -> None:
        handler = _Handler(slow=True)
        server, connections, client = await _at_work(handler)
        call = await _started(
            close_server(
                server, connections, grace=LONG, cleanup=LONG
            )
        )
        call.cancel()
        await handler.cleaning.wait()
        assert not call.done()
        handler.clean.set()
        await asyncio.wait({call})
        assert call.cancelled()
        assert handler.log == ["began", "cleaning", "clean"]
        await client.ended()

    assert _run(main) == []


@pytest.mark.parametrize("how", ["twice", "cleanup is over"])
def test_caller_does_not_wait(how: str) -> None:
    """A caller that is cancelled twice, or whose `cleanup` is over, ends although handlers run on; their connections are aborted."""

    async def main() -> None:
        handler = _Handler(slow=True)
        server, connections, client = await _at_work(handler)
        limit = LONG if how == "twice" else 0.01
        call = await _started(
            close_server(server, connections, cleanup=limit)
        )
        call.cancel()
        await handler.cleaning.wait()
        if how == "twice":
            assert not call.done()
            call.cancel()
        await asyncio.wait({call})
        assert call.cancelled()
        assert handler.log == ["began", "cleaning"]
        assert await client.ended() == b""
        again = await _started(close_server(server, connections))
        assert not again.done()
        handler.clean.set()
        await again
        assert handler.log == ["began", "cleaning", "clean"]

    assert _run(main) == []


def test_caller_cancelled_before_it_starts() -> None:
    """A call that is cancelled before its first step closes nothing."""

    async def main() -> None:
        handler = _Handler()
        server, connections, client = await _at_work(handler)
        call = asyncio.ensure_future(
            close_server(server, connections)
        )
        call.cancel()
        await asyncio.wait({call})
        assert call.cancelled()
        handler.end.set()
        assert await client.ended() == b"bye"
        other = await _connect(server)
        assert await other.ended() == b"bye"
        await close_server(server, connections)

    assert _run(main) == []


@pytest.mark.skipif(sys.version_info < (3, 11), reason="no timeout")
def test_timeout_of_the_caller() -> None:
    """Under `asyncio.timeout` the caller gets TimeoutError, after the cleanup, and no cancellation is left on its task."""

    async def main() -> None:
        handler = _Handler()
        server, connections, client = await _at_work(handler)
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.01):
                await close_server(server, connections, grace=LONG)
        task = asyncio.current_task()
        assert task is not None
        assert task.cancelling() == 0
        assert handler.log == ["began", "cleaning", "clean"]
        await client.ended()

    assert _run(main) == []


def test_handler_suppresses_its_cancellation() -> None:
    """A handler that suppresses its cancellation is waited for, without its connection; a timeout around the call gives up."""

    async def main() -> None:
        end = asyncio.Event()
        began = asyncio.Event()

        async def handle(_: StreamReader, __: StreamWriter) -> None:
            while not end.is_set():
                began.set()
                with contextlib.suppress(asyncio.CancelledError):
                    await end.wait()

        server, connections = await _serve(handle)
        client = await _connect(server)
        await began.wait()
        call = close_server(server, connections, grace=0, cleanup=0)
        with pytest.raises(asyncio.TimeoutError):
            await asyncio.wait_for(call, 0.01)
        assert await client.ended() == b""
        end.set()
        await close_server(server, connections)

    assert _run(main) == []


def test_handler_cancelled_by_somebody_else() -> None:
    """If other code cancels a handler, its connection is aborted, and the others go on."""

    async def main() -> None:
        handler = _Handler()
        tasks: "List[Optional[asyncio.Task[Any]]]" = []

        async def handle(
            reader: StreamReader, writer: StreamWriter
        ) -> None:
            tasks.append(asyncio.current_task())
            writer.write(MUCH)
            await handler(reader, writer)

        server, connections = await _serve(handle)
        clients = [await _connect(server) for _ in range(2)]
        for client in clients:
            await client.reader.readexactly(1)
        assert tasks[0] is not None
        tasks[0].cancel()
        assert len(await clients[0].ended()) < len(MUCH)
        handler.end.set()
        assert len(await clients[1].ended()) == len(MUCH) + 2
        await close_server(server, connections)

    assert _run(main) == []


@pytest.mark.parametrize("eager", [False, True])
def test_called_by_a_handler(eager: bool) -> None:
    """A handler that calls it in its own task gets RuntimeError, also as an eager task, and nothing is closed."""
    if eager and sys.version_info < (3, 12):
        pytest.skip("no eager tasks")

    async def main() -> None:
        if eager:
            factory = vars(asyncio)["eager_task_factory"]
            asyncio.get_running_loop().set_task_factory(factory)
        servers: List[Any] = []

        async def handle(
            _: StreamReader, writer: StreamWriter
        ) -> None:
            try:
                await close_server(*servers)
            except RuntimeError as error:
                writer.write(str(error).encode())

        servers += await _serve(handle)
        for _ in range(2):
            client = await _connect(servers[0])
            assert b"its own end" in await client.ended()
        await close_server(*servers)

    assert _run(main) == []


def _tls() -> "Tuple[ssl.SSLContext, ssl.SSLContext]":
    """Contexts of server and client that need no certificate."""
    contexts = (
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER),
        ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT),
    )
    for context in contexts:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        context.maximum_version = ssl.TLSVersion.TLSv1_2
        context.set_ciphers("aNULL:@SECLEVEL=0")
    return contexts


def test_tls() -> None:
    """A TLS connection ends like any other, though its client takes no part in it."""

    async def main() -> None:
        ours, theirs = _tls()
        handler = _Handler()
        server, connections = await _serve(handler, ssl=ours)
        polite = await _connect(server, ssl=theirs)
        await handler.began.wait()
        handler.end.set()
        assert await polite.ended() == b"bye"
        handler.end.clear()
        handler.began.clear()
        silent = await _connect(server, ssl=theirs)
        await handler.began.wait()
        await close_server(server, connections, grace=0.01)
        assert handler.log[-2:] == ["cleaning", "clean"]
        silent.writer.transport.abort()
        server, connections = await _serve(_flood, ssl=ours)
        deaf = await _connect(server, ssl=theirs)
        await deaf.reader.readexactly(1)
        await close_server(server, connections, grace=0, cleanup=0)
        deaf.writer.transport.abort()
        await asyncio.sleep(0.01)

    assert _run(main) == []


def test_tls_handshake() -> None:
    """A client that is in its TLS handshake does not hold the call up, and gets no handler; Python 3.13 and newer end its connection at once."""

    async def main() -> None:
        ours, theirs = _tls()
        handler = _Handler()
        server, connections = await _serve(handler, ssl=ours)
        address = _address(server)
        with socket.create_connection(address) as client:
            await asyncio.sleep(0.01)
            await close_server(server, connections, grace=LONG)
            client.settimeout(LONG)

            def handshake() -> bytes:
                if sys.version_info >= (3, 13):
                    return client.recv(1)
                with theirs.wrap_socket(client) as connection:
                    return connection.recv(1)

            loop = asyncio.get_running_loop()
            with contextlib.suppress(ConnectionError, ssl.SSLError):
                data = await loop.run_in_executor(None, handshake)
                assert data == b""
        assert handler.log == []

    assert _run(main) == []


@pytest.mark.skipif(
    sys.platform == "win32", reason="counts /dev/fd"
)
@pytest.mark.parametrize("cleanup", [1, 0, -1])
def test_leaves_nothing(cleanup: float) -> None:
    """When the call returns, the sockets of the server and of fifty connections are closed."""

    async def main() -> None:
        handler = _Handler()
        files = len(os.listdir("/dev/fd"))
        server, connections = await _serve(handler)
        clients = []
        for _ in range(50):
            clients.append(
                socket.create_connection(_address(server))
            )
        for _ in range(1000):
            if len(handler.log) == 50:
                break
            await asyncio.sleep(0.01)
        await close_server(
            server, connections, grace=0, cleanup=cleanup
        )
        assert len(os.listdir("/dev/fd")) == files + 50
        for client in clients:
            client.close()

    assert _run(main) == []
