"""Event loops that interrupt a program at a chosen moment; time passes in them without waiting.

A moment is a number. Moment 2k is just before the k-th callback of the loop, moment 2k + 1 just after it.
So the moments include each turn of the loop, each await of each task, and the tick in which something ends.
"""

import asyncio
import math
import selectors
from typing import Any, Callable, Collection, List, Optional, Tuple

TURNS = 20_000
"""More turns than any program needs that makes progress."""

PATIENCE = 20.0
"""Real seconds in which another thread must wake up a loop that has nothing to do."""


class Stuck(BaseException):
    """The program makes no progress: it spins, or waits for what never comes."""


class _Selector(selectors.DefaultSelector):
    """Skips what the loop would wait. Each turn takes a hundredth of a second, so time passes in a busy loop too."""

    now = 0.0
    turns = 0

    def select(self, timeout: Optional[float] = None) -> List[Tuple[selectors.SelectorKey, int]]:
        if timeout is not None and math.isnan(timeout):
            raise Stuck("the loop waits for NaN seconds, which ends it")
        self.turns += 1
        self.now += 0.01
        if self.turns > TURNS:
            raise Stuck(f"it still runs after {TURNS} turns of the loop")
        events = super().select(PATIENCE if timeout is None else 0)
        if timeout is None and not events:
            raise Stuck("it waits, and nothing will wake it up")
        if timeout is not None and not events:
            self.now += timeout
        return events


def interrupting(base: Any) -> Any:
    """Derive a class of loops that call `shock` at each of `moments`."""

    class Loop(base):  # type: ignore[misc]
        scheduled = -1
        moments: Collection[int] = ()
        shocks = 0
        tick = 1.0

        def shock(self) -> None:
            """Interrupt the program; the check sets it."""

        def call_soon(self, callback: Callable[..., object], *args: Any, context: Any = None) -> Any:
            self.scheduled += 1
            self._interrupt(2 * self.scheduled)
            handle = super().call_soon(callback, *args, context=context)
            self._interrupt(2 * self.scheduled + 1)
            return handle

        def _interrupt(self, moment: int) -> None:
            for each in self.moments:
                if each == moment:
                    self.shocks += 1
                    super().call_soon(self.shock)

    return Loop


class VirtualLoop(interrupting(asyncio.SelectorEventLoop)):  # type: ignore[misc]
    """A loop in which an hour passes at once when nothing is ready."""

    def __init__(self) -> None:
        self._virtual = _Selector()
        super().__init__(self._virtual)
        self._clock_resolution = 1e-6  # else a timer may be due in 1e-17 seconds
        self.set_debug(False)  # also under `-X dev`

    def time(self) -> float:
        """Return the virtual time."""
        return self._virtual.now


def eager_loop() -> Any:
    """Return a loop in which a task runs its first step when it is created."""
    loop = VirtualLoop()
    loop.set_task_factory(getattr(asyncio, "eager_task_factory"))  # noqa: B009 (since 3.12)
    return loop


def debug_loop() -> Any:
    """Return a loop in debug mode."""
    loop = VirtualLoop()
    loop.set_debug(True)
    loop.slow_callback_duration = float("inf")
    return loop


def real_loop() -> Any:
    """Return a loop of asyncio with real time."""
    loop = interrupting(asyncio.SelectorEventLoop)()
    loop.set_debug(False)
    loop.tick = 0.002
    return loop


def uvloop_loop() -> Any:
    """Return a loop of uvloop, with real time."""
    import uvloop  # type: ignore[import-not-found]

    loop = interrupting(uvloop.Loop)()
    loop.tick = 0.001
    return loop
