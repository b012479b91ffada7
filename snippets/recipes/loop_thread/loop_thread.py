# SPDX-License-Identifier: 0BSD
# Recipe: loop_thread 1.0.2
# Source: Please Stop, recipes/loop-thread
# Python: 3.11 or newer
"""Run coroutines from synchronous code, in a loop in a thread."""

import asyncio
import atexit
from collections.abc import Coroutine
from concurrent.futures import CancelledError
from contextlib import AbstractContextManager, suppress
from threading import Event, Thread, current_thread
from typing import Any, TypeVar

T = TypeVar("T")
Coro = Coroutine[Any, Any, T]


class LoopThread(AbstractContextManager["LoopThread"]):
    """A loop in a thread, until a `with` block or Python ends."""

    def __init__(self, **options: Any) -> None:
        if not options.get("loop_factory"):
            options["loop_factory"] = asyncio.new_event_loop
        self._runner = asyncio.Runner(**options)
        self._loop = self._runner.get_loop()
        self._end = self._loop.create_future()
        self._thread = Thread(target=self._work, daemon=True)
        self._thread.start()
        atexit.register(self.stop)

    def _work(self) -> None:
        with self._runner:
            with suppress(BaseException):  # such as SystemExit
                self._loop.run_until_complete(self._end)
            self._end.cancel()

    def __exit__(self, *exc_info: object) -> None:
        self.stop()

    def stop(self) -> None:
        """Cancel tasks as `asyncio.run` does, and join the thread.

        Hangs in the loop's default executor; can in signal handlers.
        """
        if current_thread() is self._thread:
            raise RuntimeError("this is the current thread")
        with suppress(RuntimeError):  # the loop is closed
            self._loop.call_soon_threadsafe(self._end.cancel)
        while self._thread.is_alive():
            Event().wait(0.002)  # no join, for Ctrl-C: gh-90882
        atexit.unregister(self.stop)

    def run(self, coro: Coro[T], timeout: float | None = None) -> T:
        """Run a coroutine from any thread, and return its result.

        After `timeout` seconds, or on Ctrl-C, it is cancelled when the
        loop is free, and its end is waited for until the next Ctrl-C.
        Raises TimeoutError, RuntimeError if the loop has ended or runs
        here, concurrent.futures.CancelledError if other code cancels.
        """
        if not asyncio.iscoroutine(coro):
            raise TypeError("this runs coroutines only")
        if current_thread() is self._thread:
            coro.close()
            raise RuntimeError("this would block its own loop")
        tasks, ended, stop = list[asyncio.Task[T]](), Event(), False

        async def limited() -> T:
            limit = timeout and max(-1, timeout)  # NaN: at once
            async with asyncio.timeout(limit):
                return await coro

        def advance() -> None:
            if not (tasks or self._end.done()):
                tasks.append(asyncio.Task(limited()))
                tasks[0].add_done_callback(lambda _: ended.set())
            if not tasks:
                ended.set()
            elif stop:
                tasks[0].cancel()

        try:
            self._loop.call_soon_threadsafe(advance)
            while self._thread.is_alive() and not ended.wait(0.1):
                pass
        except BaseException:  # such as Ctrl-C
            stop = True
            with suppress(RuntimeError):
                self._loop.call_soon_threadsafe(advance)
            while self._thread.is_alive() and not ended.wait(0.1):
                pass
            coro.close()
            raise
        coro.close()  # it has ended, or never began
        if not (tasks and tasks[0].done()):
            raise RuntimeError("the loop has ended")
        if tasks[0].cancelled():
            raise CancelledError
        return tasks.pop().result()
