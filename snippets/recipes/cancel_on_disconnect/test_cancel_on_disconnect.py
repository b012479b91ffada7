# SPDX-License-Identifier: 0BSD
"""What `cancel_on_disconnect` promises, one test each."""

import asyncio
import contextvars
import gc
import os
import sys
import threading
import weakref
from typing import Any, Awaitable, Callable, Dict, List, Optional

import pytest

from cancel_on_disconnect import (
    Message,
    Receive,
    Send,
    cancel_on_disconnect,
)

GONE = {"type": "http.disconnect"}
START = {"type": "http.response.start", "status": 200}
LAST = {"type": "http.response.body", "body": b"end"}
PART = {"type": "http.response.body", "more_body": True}


def _body(number: int, more: bool) -> Dict[str, Any]:
    body = str(number).encode()
    return {"type": "http.request", "body": body, "more_body": more}


class _Client:
    """The server's side of a request, and the client behind it."""

    def __init__(self, *messages: Message) -> None:
        self.messages: "asyncio.Queue[Message]" = asyncio.Queue()
        for message in messages or (_body(0, False),):
            self.messages.put_nowait(message)
        self.taken = 0
        self.waiting = 0
        self.stop_ticks = 0
        self.sent: List[Message] = []
        self.log: List[str] = []

    async def receive(self) -> Message:
        self.waiting += 1
        try:
            message = await self.messages.get()
        except asyncio.CancelledError:
            await _ticks(self.stop_ticks)
            raise
        finally:
            self.waiting -= 1
        self.taken += 1
        return message

    async def send(self, message: Message) -> None:
        self.sent.append(message)
        if message is LAST:
            # As uvicorn and others do when a response is complete.
            self.leave()
            await _ticks()

    def leave(self) -> None:
        self.messages.put_nowait(GONE)

    async def sleeper(self, *_: Any) -> None:
        """Wait forever, and clean up."""
        self.log.append("started")
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            self.log.append("cancelled")
            await _ticks()
            self.log.append("cleaned up")
            raise

    def call(
        self,
        app: Callable[[Message, Receive, Send], Awaitable[None]],
        *headers: "tuple[bytes, bytes]",
        **options: int,
    ) -> "asyncio.Task[None]":
        wrapped = cancel_on_disconnect(app, **options)
        scope: Message = {"type": "http"}
        if headers:
            scope["headers"] = headers
        task = asyncio.ensure_future(
            wrapped(scope, self.receive, self.send)
        )
        assert isinstance(task, asyncio.Task)
        return task


async def _ticks(number: int = 10) -> None:
    for _ in range(number):
        await asyncio.sleep(0)


def _run(
    main: Callable[[], Awaitable[None]],
) -> List[Dict[str, Any]]:
    """Run `main`, which leaves no task; return what the loop reported."""
    reports: List[Dict[str, Any]] = []

    async def watched() -> None:
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(lambda _, c: reports.append(c))
        await main()
        assert asyncio.all_tasks() == {asyncio.current_task()}
        gc.collect()

    asyncio.run(watched())
    return reports


def test_client_stays() -> None:
    """While the client stays, the application runs as it does without the wrapper."""

    async def main() -> None:
        client = _Client()

        async def app(
            scope: Message, receive: Receive, send: Send
        ) -> None:
            assert scope == {"type": "http"}
            assert await receive() == _body(0, False)
            await _ticks()
            await send(START)
            await send(LAST)

        await client.call(app)
        assert client.sent == [START, LAST]
        assert client.waiting == 0

    assert _run(main) == []


def test_client_leaves() -> None:
    """When the client leaves, the application is cancelled, its cleanup is waited for, and the call returns."""

    async def main() -> None:
        client = _Client()
        call = client.call(client.sleeper)
        await _ticks()
        assert client.log == ["started"]
        client.leave()
        assert await call is None  # type: ignore[func-returns-value]
        assert client.log == ["started", "cancelled", "cleaned up"]

    assert _run(main) == []


def test_client_left_before() -> None:
    """If the client left before the application began, the application is cancelled at its first wait."""

    async def main() -> None:
        client = _Client(GONE)
        await client.call(client.sleeper)
        assert client.log == ["started", "cancelled", "cleaned up"]

    assert _run(main) == []


def test_client_leaves_in_the_response() -> None:
    """If the client leaves between two parts of the response, the application is cancelled."""

    async def main() -> None:
        client = _Client()

        async def app(
            scope: Message, receive: Receive, send: Send
        ) -> None:
            await send(START)
            await send(PART)
            client.leave()
            await client.sleeper(scope, receive, send)

        await client.call(app)
        assert client.log[-1] == "cleaned up"

    assert _run(main) == []


@pytest.mark.parametrize(
    "last",
    [
        LAST,
        {"type": "http.response.body", "more_body": False},
        {"type": "http.response.pathsend", "path": "/x"},
        {"type": "http.response.zerocopysend", "file": 3},
    ],
)
def test_finished_response(last: Message) -> None:
    """After the last part of the response, a disconnect does not cancel the application: work in the background goes on."""

    async def main() -> None:
        client = _Client()
        go = asyncio.Event()

        async def app(
            _scope: Message, _receive: Receive, send: Send
        ) -> None:
            await send(START)
            await send(PART)
            await send(last)
            client.leave()
            await go.wait()
            client.log.append("worked")

        call = client.call(app)
        await _ticks(50)
        assert not call.done()
        assert client.waiting == 0
        go.set()
        await call
        assert client.log == ["worked"]

    assert _run(main) == []


def test_streaming_body() -> None:
    """Each part of the body reaches the application once and in order, however late it reads."""

    async def main() -> None:
        parts = [_body(n, n < 99) for n in range(100)]
        client = _Client(*parts)
        seen: List[Message] = []

        async def app(
            _scope: Message, receive: Receive, _send: Send
        ) -> None:
            await _ticks()
            while not seen or seen[-1]["more_body"]:
                seen.append(await receive())
                await _ticks(len(seen) % 3)

        await client.call(app)
        assert seen == parts

    assert _run(main) == []


@pytest.mark.parametrize("read_ahead", [1, 3, 16])
def test_read_ahead(read_ahead: int) -> None:
    """At most `read_ahead` parts lie unread; a disconnect behind them is seen when the application reads."""

    async def main() -> None:
        client = _Client(*[_body(n, True) for n in range(20)], GONE)
        go = asyncio.Event()

        async def app(
            _scope: Message, receive: Receive, _send: Send
        ) -> None:
            await go.wait()
            for number in range(20):
                assert await receive() == _body(number, True)
                await _ticks()
                client.log.append(str(number))

        call = client.call(app, read_ahead=read_ahead)
        await _ticks(100)
        assert client.taken == read_ahead
        go.set()
        await call
        assert client.log == [
            str(n) for n in range(20 - read_ahead)
        ]

    assert _run(main) == []


def test_read_ahead_default() -> None:
    """At most 16 parts lie unread unless `read_ahead` is given."""

    async def main() -> None:
        client = _Client(*[_body(n, True) for n in range(20)])
        call = client.call(client.sleeper)
        await _ticks(100)
        assert client.taken == 16
        call.cancel()
        await asyncio.wait({call})

    assert _run(main) == []


@pytest.mark.parametrize("read_ahead", [0, -1, 1.5, float("nan")])
def test_no_read_ahead(read_ahead: Any) -> None:
    """A `read_ahead` that is below one, not whole, or NaN raises ValueError."""

    async def app(*_: Any) -> None:
        """Is not called."""

    with pytest.raises(ValueError, match="whole number"):
        cancel_on_disconnect(app, read_ahead)


def test_expect() -> None:
    """After an `Expect` header, nothing is read before the application reads: to read would make the server send `100 Continue`."""

    async def main() -> None:
        client = _Client()

        async def refuses(
            _scope: Message, _receive: Receive, send: Send
        ) -> None:
            await _ticks()
            await send(START)
            await send(LAST)

        header = (b"expect", b"100-continue")
        await client.call(refuses, (b"host", b"x"), header)
        assert client.sent == [START, LAST]
        assert client.taken == 0

        client = _Client(_body(0, True))

        async def reads(
            scope: Message, receive: Receive, send: Send
        ) -> None:
            assert await receive() == _body(0, True)
            await client.sleeper(scope, receive, send)

        call = client.call(reads, header)
        await _ticks()
        client.leave()
        await call
        assert client.log == ["started", "cancelled", "cleaned up"]

    assert _run(main) == []


def test_context() -> None:
    """The application sees the context variables of the caller, and changes a copy."""

    async def main() -> None:
        user: "contextvars.ContextVar[str]"
        user = contextvars.ContextVar("user")
        user.set("alice")
        client = _Client()

        async def app(*_: Any) -> None:
            client.log.append(user.get())
            user.set("bob")

        await cancel_on_disconnect(app)(
            {"type": "http"}, client.receive, client.send
        )
        assert client.log == ["alice"]
        assert user.get() == "alice"

    assert _run(main) == []


def test_disconnect_is_repeated() -> None:
    """Once the client has left, each `receive()` returns the disconnect at once, in a cleanup and after the response."""

    async def main() -> None:
        client = _Client(GONE)

        async def cleanup(
            _scope: Message, receive: Receive, _send: Send
        ) -> None:
            try:
                await receive()  # is cancelled, or returns
                await asyncio.Event().wait()
            finally:
                for _ in range(3):
                    assert await receive() == GONE
                client.log.append("done")

        await client.call(cleanup)

        async def after(
            _scope: Message, receive: Receive, send: Send
        ) -> None:
            await send(LAST)
            await receive()
            for _ in range(3):
                assert await receive() == GONE
            client.log.append("done")

        await client.call(after)
        assert client.log == ["done", "done"]

    assert _run(main) == []


def test_suppressed_cancellation() -> None:
    """An application that suppresses its cancellation is waited for; it is not cancelled twice."""

    async def main() -> None:
        client = _Client()
        go = asyncio.Event()

        async def app(
            scope: Message, receive: Receive, send: Send
        ) -> None:
            try:
                await client.sleeper(scope, receive, send)
            except asyncio.CancelledError:
                await go.wait()
                client.log.append("went on")

        call = client.call(app)
        await _ticks()
        client.leave()
        client.leave()
        await _ticks(50)
        assert not call.done()
        go.set()
        await call
        assert client.log[-1] == "went on"

    assert _run(main) == []


def test_failure() -> None:
    """The call raises what the application raises, whether its client left or not."""

    async def main() -> None:
        client = _Client()

        async def app(
            scope: Message, receive: Receive, send: Send
        ) -> None:
            try:
                if client.log:
                    await client.sleeper(scope, receive, send)
            finally:
                raise OSError("disk full")

        with pytest.raises(OSError, match="disk full"):
            await client.call(app)
        client.log.append("again")
        client.leave()
        with pytest.raises(OSError, match="disk full"):
            await client.call(app)
        assert client.log[-1] == "cleaned up"

    assert _run(main) == []


def test_cancelled_by_itself() -> None:
    """A CancelledError that the application raises by itself, also after the response, is raised."""

    async def main() -> None:
        client = _Client()

        async def app(*_: Any) -> None:
            raise asyncio.CancelledError

        async def after(
            _scope: Message, receive: Receive, send: Send
        ) -> None:
            await send(LAST)
            while await receive() != GONE:
                pass
            raise asyncio.CancelledError

        for each in (app, after):
            call = client.call(each)
            await asyncio.wait({call})
            assert call.cancelled()

    assert _run(main) == []


def test_caller_cancelled() -> None:
    """When the server cancels the call, the application is cancelled, its cleanup is waited for, and CancelledError is raised."""

    async def main() -> None:
        client = _Client()
        call = client.call(client.sleeper)
        await _ticks()
        call.cancel()
        await asyncio.wait({call})
        assert call.cancelled()
        assert client.log == ["started", "cancelled", "cleaned up"]
        assert client.waiting == 0

    assert _run(main) == []


def test_caller_cancelled_twice() -> None:
    """A second cancellation by the server interrupts the application's cleanup, as it does without the wrapper."""

    async def main() -> None:
        client = _Client()
        call = client.call(client.sleeper)
        await _ticks()
        call.cancel()
        await _ticks(3)
        assert client.log == ["started", "cancelled"]
        call.cancel()
        await asyncio.wait({call})
        assert call.cancelled()
        assert client.log == ["started", "cancelled"]

    assert _run(main) == []


@pytest.mark.parametrize("between", range(6))
def test_caller_cancelled_while_receive_ends(between: int) -> None:
    """A second cancellation leaves no task, also while the server's `receive` cleans up, and keeps the failure as the cause."""

    async def main() -> None:
        client = _Client()
        client.stop_ticks = 3
        causes: List[Any] = []

        async def app(*_: Any) -> None:
            try:
                await asyncio.Event().wait()
            finally:
                raise OSError("disk full")

        async def server() -> None:
            try:
                await cancel_on_disconnect(app)(
                    {"type": "http"}, client.receive, client.send
                )
            except asyncio.CancelledError as error:
                causes.append(error.__cause__)
                raise

        call = asyncio.ensure_future(server())
        await _ticks()
        call.cancel()
        await _ticks(between)
        call.cancel()
        await asyncio.wait({call})
        assert call.cancelled()
        assert client.waiting == 0
        assert [str(cause) for cause in causes] == ["disk full"]

    assert _run(main) == []


def test_caller_cancelled_each_tick() -> None:
    """The call ends even if it is cancelled in each tick."""

    async def main() -> None:
        client = _Client()
        client.stop_ticks = 5
        call = client.call(client.sleeper)
        await _ticks()
        for _ in range(20):
            call.cancel()
            await asyncio.sleep(0)
        assert call.cancelled()
        assert client.waiting == 0

    assert _run(main) == []


def test_cleanup_reads() -> None:
    """The cleanup of a request that the server cancels can read parts that have not arrived yet."""

    async def main() -> None:
        client = _Client()

        async def app(
            scope: Message, receive: Receive, send: Send
        ) -> None:
            try:
                await client.sleeper(scope, receive, send)
            finally:
                assert await receive() == _body(0, False)
                client.messages.put_nowait(_body(1, False))
                assert await receive() == _body(1, False)
                client.log.append("read")

        call = client.call(app)
        await _ticks()
        call.cancel()
        await asyncio.wait({call})
        assert call.cancelled()
        assert client.log[-1] == "read"

    assert _run(main) == []


def test_cancelled_by_the_application() -> None:
    """If the application cancels the call before its first wait, its cleanup can read the body as well."""

    async def main() -> None:
        client = _Client()

        async def app(
            scope: Message, receive: Receive, send: Send
        ) -> None:
            call.cancel()
            try:
                await client.sleeper(scope, receive, send)
            finally:
                reading = asyncio.ensure_future(receive())
                await _ticks()
                assert reading.done()
                assert reading.result() == _body(0, False)

        call = client.call(app)
        await asyncio.wait({call})
        assert call.cancelled()

    assert _run(main) == []


def test_receive_suppresses_its_cancellation() -> None:
    """A server's `receive` that suppresses its cancellation and returns does not hold up the call."""

    async def main() -> None:
        client = _Client()

        async def receive() -> Message:
            try:
                return await client.messages.get()
            except asyncio.CancelledError:
                if client.log:
                    raise
                client.log.append("suppressed")
                return _body(1, True)

        async def app(*_: Any) -> None:
            await _ticks()

        wrapped = cancel_on_disconnect(app)
        call = asyncio.ensure_future(
            wrapped({"type": "http"}, receive, client.send)
        )
        await _ticks(50)
        assert call.done()

    assert _run(main) == []


def test_closed() -> None:
    """The coroutine can be closed, as the garbage collector closes it."""

    async def main() -> None:
        client = _Client()
        wrapped = cancel_on_disconnect(client.sleeper)
        call: Any = wrapped(
            {"type": "http"}, client.receive, client.send
        )
        call.send(None)
        call.close()
        await asyncio.sleep(0)
        rest = asyncio.all_tasks() - {asyncio.current_task()}
        for task in rest:
            task.cancel()
        await asyncio.wait(rest)

    assert _run(main) == []


@pytest.mark.skipif(
    sys.version_info < (3, 11), reason="asyncio.timeout: 3.11"
)
@pytest.mark.parametrize("seconds", [-1, 0, 0.01])
def test_timeout(seconds: float) -> None:
    """A timeout around the call raises TimeoutError after the cleanup, and no cancellation is left in the count."""

    async def main() -> None:
        client = _Client()
        wrapped = cancel_on_disconnect(client.sleeper)
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(seconds):
                await wrapped(
                    {"type": "http"}, client.receive, client.send
                )
        task = asyncio.current_task()
        assert task is not None
        assert task.cancelling() == 0
        assert client.log[1:] in ([], ["cancelled", "cleaned up"])

    assert _run(main) == []


def test_while_the_end_is_sent() -> None:
    """From the moment at which the application begins to send the last part, a disconnect does not cancel it."""

    async def main() -> None:
        client = _Client()
        go = asyncio.Event()

        async def slow_send(_: Message) -> None:
            await go.wait()

        async def app(
            _scope: Message, _receive: Receive, send: Send
        ) -> None:
            await send(LAST)
            client.log.append("sent")

        wrapped = cancel_on_disconnect(app)
        call = asyncio.ensure_future(
            wrapped({"type": "http"}, client.receive, slow_send)
        )
        await _ticks()
        client.leave()
        await _ticks()
        go.set()
        await call
        assert client.log == ["sent"]

    assert _run(main) == []


class _Data:
    """Something that a request refers to."""


@pytest.mark.parametrize(
    "end", ["fail", "leave", "cancel", "receive"]
)
def test_no_reference_cycle(end: str) -> None:
    """A request that failed or was cancelled is freed without the garbage collector."""

    async def main() -> None:
        client = _Client()
        refs: List[Any] = []

        async def app(
            scope: Message, receive: Receive, send: Send
        ) -> None:
            data = _Data()
            refs.append(weakref.ref(data))
            if end == "receive":
                while True:
                    await receive()
            if end != "fail":
                await client.sleeper(scope, receive, send)
            raise OSError("disk full")

        gc.collect()
        gc.disable()
        try:
            call = client.call(app)
            await _ticks()
            if end == "leave":
                client.leave()
            elif end == "cancel":
                call.cancel()
            elif end == "receive":
                client.messages.put_nowait({})  # KeyError: no type
            await asyncio.wait({call})
            if end in ("fail", "receive"):
                assert call.exception() is not None
            del call
            await _ticks()
            assert [ref() for ref in refs] == [None]
        finally:
            gc.enable()

    assert _run(main) == []


def test_caller_cancelled_before() -> None:
    """If the call is cancelled before it begins, the application is not called, and nothing is read."""

    async def main() -> None:
        client = _Client()
        call = client.call(client.sleeper)
        call.cancel()
        await asyncio.wait({call})
        assert call.cancelled()
        assert client.log == []
        assert client.taken == 0

    assert _run(main) == []


@pytest.mark.parametrize("first", ["client", "caller"])
@pytest.mark.parametrize("between", [0, 1, 2, 3, 4])
def test_both_at_once(first: str, between: int) -> None:
    """If the client leaves and the server cancels, in any order and in one tick, the server's cancellation is raised."""

    async def main() -> None:
        client = _Client()
        call = client.call(client.sleeper)
        await _ticks()
        if first == "client":
            client.leave()
            await _ticks(between)
            call.cancel()
        else:
            call.cancel()
            await _ticks(between)
            client.leave()
        await asyncio.wait({call})
        assert call.cancelled()
        assert client.log[:2] == ["started", "cancelled"]

    assert _run(main) == []


@pytest.mark.skipif(
    sys.version_info < (3, 11), reason="no messages"
)
@pytest.mark.parametrize("between", [0, 1, 2, 3, 4])
def test_client_leaves_in_a_cancelled_scope(between: int) -> None:
    """If the client leaves while an AnyIO scope around the call cancels it, the scope finds its message in the error."""

    async def main() -> None:
        client = _Client()
        call = client.call(client.sleeper)
        await _ticks()
        client.leave()
        await _ticks(between)
        while not call.done():  # as AnyIO does
            call.cancel("by the scope")
            await asyncio.sleep(0)
        with pytest.raises(asyncio.CancelledError) as raised:
            await call
        error: Optional[BaseException] = raised.value
        while error is not None and error.args != ("by the scope",):
            error = error.__context__
        assert error is not None

    assert _run(main) == []


@pytest.mark.parametrize("soon", [False, True])
def test_caller_cancelled_as_it_ends(soon: bool) -> None:
    """If the server cancels in the tick in which the application ends, CancelledError is raised."""

    async def main() -> None:
        client = _Client()
        go = asyncio.get_running_loop().create_future()

        async def app(*_: Any) -> None:
            await go
            if soon:
                asyncio.get_running_loop().call_soon(call.cancel)
            else:
                call.cancel()

        call = client.call(app)
        await _ticks()
        go.set_result(None)
        await asyncio.wait({call})
        assert call.cancelled()

    assert _run(main) == []


def test_caller_cancelled_and_failed() -> None:
    """If the server cancels and the application fails, CancelledError is raised, with the failure as its cause."""

    async def main() -> None:
        client = _Client()
        causes: List[Any] = []

        async def app(
            scope: Message, receive: Receive, send: Send
        ) -> None:
            try:
                await client.sleeper(scope, receive, send)
            finally:
                raise OSError("disk full")

        async def server() -> None:
            try:
                wrapped = cancel_on_disconnect(app)
                await wrapped(
                    {"type": "http"}, client.receive, client.send
                )
            except asyncio.CancelledError as error:
                causes.append(error.__cause__)
                raise

        call = asyncio.ensure_future(server())
        await _ticks()
        call.cancel()
        await asyncio.wait({call})
        assert call.cancelled()
        assert [str(cause) for cause in causes] == ["disk full"]

    assert _run(main) == []


def test_asyncio_run_ends() -> None:
    """When `asyncio.run` cancels all tasks, the cleanup is not interrupted, and `receive()` works in it."""
    clients: List[_Client] = []
    calls: "List[asyncio.Task[None]]" = []

    async def app(
        scope: Message, receive: Receive, send: Send
    ) -> None:
        try:
            await clients[0].sleeper(scope, receive, send)
        finally:
            assert await receive() == _body(0, False)
            clients[0].leave()
            assert await receive() == GONE
            clients[0].log.append("received")

    async def main() -> None:
        clients.append(_Client())
        calls.append(clients[0].call(app))
        await _ticks()

    for _ in range(10):
        asyncio.run(main())
        log = clients.pop().log
        assert log[1:] == ["cancelled", "cleaned up", "received"]
        assert calls.pop().cancelled()


def test_receive_fails() -> None:
    """What the server's `receive` raises, `receive()` raises in the application, each time."""

    async def main() -> None:
        client = _Client()

        async def receive_fails() -> Message:
            raise RuntimeError("broken server")

        async def app(
            _scope: Message, receive: Receive, _send: Send
        ) -> None:
            await _ticks()
            for _ in range(2):
                with pytest.raises(RuntimeError, match="broken"):
                    await receive()
            client.log.append("not cancelled")

        wrapped = cancel_on_disconnect(app)
        await wrapped({"type": "http"}, receive_fails, client.send)
        assert client.log == ["not cancelled"]

    assert _run(main) == []


def test_receive_fails_unseen() -> None:
    """A failure of the server's `receive` has no effect on an application that does not read."""

    async def main() -> None:
        async def receive_fails() -> Message:
            raise RuntimeError("broken server")

        async def app(*_: Any) -> None:
            await _ticks()
            client.log.append("done")

        wrapped = cancel_on_disconnect(app)
        client = _Client()
        await wrapped({"type": "http"}, receive_fails, client.send)
        assert client.log == ["done"]

    assert _run(main) == []


@pytest.mark.skipif(
    sys.version_info < (3, 12), reason="eager tasks: 3.12"
)
def test_eager_tasks() -> None:
    """The wrapper works with eager tasks."""

    async def main() -> None:
        loop = asyncio.get_running_loop()
        loop.set_task_factory(asyncio.eager_task_factory)
        for client in (_Client(), _Client(GONE)):
            call = client.call(client.sleeper)
            await _ticks()
            client.leave()
            await call
            assert client.log[-1] == "cleaned up"

    assert _run(main) == []


def test_send_fails() -> None:
    """What the server's `send` raises, `send()` raises in the application."""

    async def main() -> None:
        client = _Client()

        async def send_fails(_: Message) -> None:
            raise OSError("client is gone")

        async def app(
            _scope: Message, _receive: Receive, send: Send
        ) -> None:
            await send(START)

        wrapped = cancel_on_disconnect(app)
        with pytest.raises(OSError, match="client is gone"):
            await wrapped(
                {"type": "http"}, client.receive, send_fails
            )

    assert _run(main) == []


@pytest.mark.parametrize("kind", ["websocket", "lifespan"])
def test_other_scopes(kind: str) -> None:
    """WebSocket and lifespan scopes are passed on unchanged, in the task of the caller."""

    async def main() -> None:
        client = _Client()
        seen: List[Any] = []

        async def app(
            _scope: Message, receive: Receive, send: Send
        ) -> None:
            seen.extend([receive, send, asyncio.current_task()])

        wrapped = cancel_on_disconnect(app)
        receive, send = client.receive, client.send
        await wrapped({"type": kind}, receive, send)
        assert seen == [receive, send, asyncio.current_task()]
        assert client.taken == 0

    assert _run(main) == []


def test_wrapped_twice() -> None:
    """An application wrapped twice works like one wrapped once."""

    async def main() -> None:
        client = _Client()
        call = client.call(cancel_on_disconnect(client.sleeper))
        await _ticks()
        client.leave()
        await call
        assert client.log == ["started", "cancelled", "cleaned up"]

    assert _run(main) == []


def test_requests_at_once() -> None:
    """Of many requests at once, only those whose clients left are cancelled."""

    async def main() -> None:
        clients = [_Client() for _ in range(20)]
        calls = [one.call(one.sleeper) for one in clients]
        await _ticks()
        for one in clients[::2]:
            one.leave()
        await asyncio.wait(calls[::2])
        await _ticks()
        assert [len(one.log) for one in clients] == [3, 1] * 10
        for call in calls:
            call.cancel()
        await asyncio.wait(calls)

    assert _run(main) == []


def test_leaves_nothing_a_hundred_times() -> None:
    """A hundred cancelled requests leave no task, thread or descriptor."""

    async def main() -> None:
        for _ in range(100):
            client = _Client()
            call = client.call(client.sleeper)
            await asyncio.sleep(0)
            client.leave()
            await call
            assert client.waiting == 0

    assert _run(main) == []
    threads = threading.active_count()
    files = len(os.listdir("/dev/fd"))
    assert _run(main) == []
    assert threading.active_count() == threads
    assert len(os.listdir("/dev/fd")) == files
