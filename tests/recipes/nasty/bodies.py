"""What a recipe runs: a coroutine with a cleanup, which records what happens to it."""

import asyncio
import contextvars
import weakref
from typing import Any, List, Optional

caller: "contextvars.ContextVar[str]" = contextvars.ContextVar("caller", default="nobody")


class FailureError(Exception):
    """What a body raises that shall fail."""


class Big:
    """A local variable of a body. A reference cycle would keep it alive."""


class Use:
    """One use of a recipe: its size and limit, the coroutine that it runs, and what that saw.

    Attributes:
        tick: Seconds that a body takes.
        fails: Whether bodies raise FailureError.
        in_turn: Whether each cleanup waits for the one before.
        running: How many bodies have begun, and have not ended.
        cut: How many cleanups after a cancellation were interrupted.
        mixed: What was wrong with context variables.

    """

    def __init__(
        self, loop: Any = None, *, limit: Optional[float] = None, fails: bool = False, in_turn: bool = False
    ) -> None:
        self.loop, self._n, self._limit = loop, 2, limit
        self.tick: float = loop.tick if loop else 0.002
        self.fails, self.in_turn = fails, in_turn
        self.sized = False  # the program asked for `n`
        self.running = self.cut = 0
        self.mixed: List[str] = []
        self._lock: Optional[asyncio.Lock] = None
        self._kept: "List[weakref.ref[Big]]" = []

    @property
    def n(self) -> int:
        """How many bodies, items or repetitions."""
        self.sized = True
        return self._n

    def resize(self, n: int) -> None:
        """Use the recipe for many items, which take no real time."""
        self._n = n
        self.tick = self.tick if self.tick == 1.0 else 0.0

    def limit(self, ordinary: float) -> float:
        """Return the ordinary delay, in ticks, or what the check tries in its place."""
        return ordinary * self.tick if self._limit is None else self._limit

    def timeout(self) -> float:
        """Return a limit that does not expire however busy the machine is, or what the check tries in its place."""
        return 10_000.0 if self._limit is None else self._limit

    def may_fail(self) -> None:
        """Raise FailureError if bodies fail."""
        if self.fails:
            raise FailureError

    def big(self) -> Big:
        """Return an object that must not outlive the frame that holds it."""
        big = Big()
        self._kept.append(weakref.ref(big))
        return big

    def kept(self) -> int:
        """Return how many frames are alive."""
        return sum(ref() is not None for ref in self._kept)

    def sees(self) -> None:
        """Note it if a variable that another callable has set is seen here; set it for the next one."""
        if caller.get() != "caller":
            self.mixed.append(f"a callable or the caller sees what {caller.get()} has set")
        caller.set("another callable")

    async def work(self, item: object = None) -> object:
        """Work for a tick, and return the item; the cleanup takes a tick too."""
        _ = self.big()
        self.sees()
        self.running += 1
        cancelled = False
        try:
            await asyncio.sleep(self.tick)
            await asyncio.sleep(0)
            self.may_fail()
            return item
        except asyncio.CancelledError:
            cancelled = True
            raise
        finally:
            try:
                await self._clean_up()
            except asyncio.CancelledError:
                self.cut += cancelled
                raise
            finally:
                self.running -= 1

    async def _clean_up(self) -> None:
        if self.in_turn:
            self._lock = self._lock or asyncio.Lock()
            async with self._lock:
                await asyncio.sleep(0)
        else:
            await asyncio.sleep(0)
            await asyncio.sleep(self.tick)
