# SPDX-License-Identifier: 0BSD
# Recipe: closing_stream 1.1.2
# Source: Please Stop, recipes/closing-stream
# Python: 3.8 or newer
"""Close an async generator where you stop reading it."""

from typing import (
    Any,
    AsyncContextManager,
    AsyncIterator,
    Callable,
    TypeVar,
)

S = TypeVar("S", bound="AsyncIterator[Any]")


def closing_stream(stream: S) -> "AsyncContextManager[S]":
    """Return a context manager that closes `stream` at its end.

    However the block ends (`break`, `return`, an exception, the
    caller's cancellation), the stream's cleanup runs before the next
    statement does, in the task of the block.

    A caller that is cancelled in the block waits for the cleanup;
    then the cancellation propagates. If it waits for an item, the
    CancelledError is raised in the stream first. A cancellation
    during the cleanup, such as a second one, interrupts the cleanup
    where it awaits. Limit a cleanup inside the stream: a timeout
    around the block does not limit it if it expired before.

    Starts no task. Not thread-safe: use it in the loop of the stream.
    Works on any platform, and with any async library.

    Args:
        stream: An async generator, or an iterator with `aclose()`.
            A generator that was never read runs none of its code.

    Returns:
        A context manager that gives `stream`.

    Raises:
        TypeError: `stream` has no `aclose()`. Raised by the call.
        BaseException: What the cleanup raises. The exception of the
            block is in its chain of contexts.
        RuntimeError: Another task reads the stream at the end of the
            block, or the generator yields instead of ending.
    """
    aclose = getattr(stream, "aclose", None)
    if aclose is None:
        raise TypeError(f"{type(stream).__name__} has no aclose()")
    return _Closing(stream, aclose)


class _Closing(AsyncContextManager[S]):
    def __init__(
        self, stream: S, aclose: Callable[[], Any]
    ) -> None:
        self._stream, self._aclose = stream, aclose

    async def __aenter__(self) -> S:
        return self._stream

    async def __aexit__(
        self, kind: object, error: Any, trace: object
    ) -> None:
        try:
            await self._aclose()
        except BaseException as failure:
            # Up to 3.15, the GeneratorExit that aclose() throws has
            # no context, so `failure` would not lead to `error`.
            if error is not None:
                _link(failure, error)
            raise


def _link(failure: BaseException, error: BaseException) -> None:
    """Append `error` to the contexts of `failure`, without a cycle."""
    known = _contexts(failure)
    if id(error) not in known:
        for later in _contexts(error).values():
            if id(later.__context__) in known:
                _set_context(later, None)  # as `raise` does it
                break
        _set_context(list(known.values())[-1], error)


def _contexts(error: Any) -> "dict[int, BaseException]":
    found: "dict[int, BaseException]" = {}
    while error is not None:
        found[id(error)] = error
        if id(error.__context__) in found:  # a cycle
            _set_context(error, None)
        error = error.__context__
    return found


def _set_context(error: BaseException, context: object) -> None:
    # Not by assignment, which a frozen dataclass refuses.
    BaseException.__setattr__(error, "__context__", context)
