# SPDX-License-Identifier: 0BSD
# Recipe: closing_stream 1.0.0
# Source: Please Stop, recipes/closing-stream
# Python: 3.8 or newer
"""Close an async generator where you stop reading it."""

from types import TracebackType
from typing import (
    Any,
    AsyncContextManager,
    AsyncIterator,
    Awaitable,
    Callable,
    Optional,
    Type,
    TypeVar,
)

T = TypeVar("T")


class _Closing(AsyncContextManager[AsyncIterator[T]]):
    def __init__(
        self,
        stream: "AsyncIterator[T]",
        aclose: "Callable[[], Awaitable[Any]]",
    ) -> None:
        self._stream = stream
        self._aclose = aclose

    async def __aenter__(self) -> "AsyncIterator[T]":
        return self._stream

    async def __aexit__(
        self,
        kind: Optional[Type[BaseException]],
        error: Optional[BaseException],
        trace: Optional[TracebackType],
    ) -> None:
        try:
            await self._aclose()
        except BaseException as failure:
            # Else `error` is lost (3.8 to 3.15): the GeneratorExit
            # that aclose() throws has no context.
            last = failure
            while last is not error and last.__context__:
                last = last.__context__
            if last is not error:
                last.__context__ = error
            raise


def closing_stream(
    stream: "AsyncIterator[T]",
) -> "AsyncContextManager[AsyncIterator[T]]":
    """Return a context manager that closes `stream` at its end.

    However the block ends (`break`, `return`, an exception, the
    caller's cancellation), the stream's cleanup has run before the
    next statement does, in the task of the block.

    A caller that is cancelled in the block waits for the cleanup,
    then the request goes on. One that is cancelled while it waits
    for an item passes the request through the stream, which has
    ended then. A second request interrupts the cleanup where it
    awaits, and so does one that comes during the cleanup. A cleanup
    that never ends needs a timeout around. Nothing is left running.

    Not thread-safe: use it in the loop of the stream. Works on any
    platform, and with any async library.

    Args:
        stream: An async generator, or an iterator with `aclose()`.
            If it was never read, none of its code runs.

    Returns:
        A context manager that gives `stream`.

    Raises:
        TypeError: `stream` has no `aclose()`; raised by the call.
        BaseException: At the end of the block, what the cleanup
            raises, with the block's own exception as its context.
        RuntimeError: At the end of the block, if another task reads
            then, or the generator yields instead of ending.
    """
    aclose = getattr(stream, "aclose", None)
    if aclose is None:
        raise TypeError(f"{type(stream).__name__} has no aclose()")
    return _Closing(stream, aclose)
