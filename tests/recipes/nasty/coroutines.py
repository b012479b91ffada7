"""Run a coroutine that uses a recipe, and interrupt it in every way, at every moment."""

import asyncio
import contextlib
import gc
import subprocess
import sys
from typing import Any, Callable, Collection, Dict, Iterator, List, Optional, Tuple

from recipes.nasty import blocking, bodies, leaks, loops, probes
from recipes.nasty.bodies import Use
from recipes.nasty.scenarios import Scenario

NEW = sys.version_info >= (3, 11)
"""asyncio has timeouts, task groups and `Task.cancelling`; the packages are installed."""

Run = Callable[[], Any]

LATER = 0, 1, 2, 3, 5, 8
"""How many moments after the first cancellation a second one follows."""

SIZES = 200, 800
"""How many items a program has whose calls are counted."""

STUCK: List[object] = []
"""Programs that were given up; they are kept, because their end would raise more errors."""


class Interruption:
    """How the program is interrupted: `main` runs it in a task, `shock` interrupts it.

    `verdict` returns what is wrong with the end of that task, "" for nothing.
    """

    name = "cancelled"

    def __init__(self, loop: Any, run: Run) -> None:
        self.loop, self.run = loop, run
        self.requested = False
        self.task: "Optional[asyncio.Task[Any]]" = None

    async def main(self) -> None:
        await self.run()

    def shock(self) -> None:
        assert self.task
        self.requested = self.task.cancel() or self.requested

    def verdict(self, error: Optional[BaseException]) -> str:
        if self.requested:
            return "" if isinstance(error, asyncio.CancelledError) else f"cancelled, it ended with {error!r}"
        return "" if error is None else f"not cancelled, it ended with {error!r}"


class BeforeTheCall(Interruption):
    """The caller has been cancelled, and the cancellation is delivered in the recipe."""

    name = "cancelled before the call"

    async def main(self) -> None:
        self.shock()
        await self.run()


class Timeout(Interruption):
    """The program is in a block of `asyncio.timeout` that ends."""

    name = "a timeout"
    block: Any = None

    async def main(self) -> None:
        async with asyncio.timeout(None) as self.block:
            await self.run()

    def shock(self) -> None:
        with contextlib.suppress(RuntimeError):  # not entered, expired, or left
            if self.block:
                self.block.reschedule(self.loop.time())

    def verdict(self, error: Optional[BaseException]) -> str:
        late = self.block is not None and self.block.expired()
        if late != isinstance(error, TimeoutError) or (error and not late):
            return f"in a block that {'expired' if late else 'did not expire'}, it ended with {error!r}"
        return ""


class Limit(Interruption):
    """Nothing interrupts the program, but its own limit may end it."""

    def verdict(self, error: Optional[BaseException]) -> str:
        allowed = ValueError, TimeoutError, asyncio.TimeoutError, subprocess.TimeoutExpired, type(None)
        return "" if isinstance(error, allowed) else f"it ended with {error!r}"


class FailingGroup(Interruption):
    """The program is in a TaskGroup whose other task fails."""

    name = "a failing group"
    fail: Callable[[], object] = staticmethod(lambda: None)

    def shock(self) -> None:
        self.fail()

    async def main(self) -> None:
        failed = self.loop.create_future()
        self.fail = lambda: failed.done() or failed.set_result(None)

        async def sibling() -> None:
            await failed
            raise bodies.FailureError("sibling")

        async def child() -> None:
            try:
                await self.run()
            finally:
                self.fail()

        async with asyncio.TaskGroup() as group:
            group.create_task(sibling())
            self.child = group.create_task(child())

    def verdict(self, error: Optional[BaseException]) -> str:
        errors = getattr(error, "exceptions", [error])
        if [type(each) for each in errors] != [bodies.FailureError] or errors[0].args != ("sibling",):
            return f"the group raised {errors!r}"
        if self.child.cancelling() and not self.child.cancelled():
            return f"cancelled by its group, it ended with {self.child!r}"
        return ""


class AnyioScope(Interruption):
    """The program is in a scope of AnyIO, which cancels it again in each turn of the loop."""

    name = "an AnyIO scope"
    scope: Any = None

    async def main(self) -> None:
        import anyio  # type: ignore[import-not-found]

        with anyio.CancelScope() as scope:
            self.scope = scope
            await self.run()

    def shock(self) -> None:
        if self.scope:
            self.scope.cancel()

    def verdict(self, error: Optional[BaseException]) -> str:
        return f"the scope raised {error!r}" if error else ""


class Meddler(Interruption):
    """Other code cancels the tasks that the recipe has started, as `asyncio.run` does when main has ended."""

    name = "its tasks are cancelled"

    def shock(self) -> None:
        for task in asyncio.all_tasks() - {self.task}:
            task.cancel()

    def verdict(self, _: Optional[BaseException]) -> str:
        return ""  # that it ends, and leaves nothing, is all that it can do


class Program:
    """One run of a scenario in a new loop, with all that is checked in every run."""

    def __init__(self, scenario: Scenario, module: Any, loop: Any, use: Use) -> None:
        self.scenario, self.module, self.loop, self.use = scenario, module, loop, use
        self.reports: List[str] = []
        self.left: List[str] = []
        self.result = ""
        self.meddled = False
        loop.set_exception_handler(self._report)

    def _report(self, _: object, context: Dict[str, Any]) -> None:
        error = context.get("exception")
        expected: Tuple[Any, ...] = (bodies.FailureError,) if self.use.fails else ()
        if self.meddled:
            expected = (*expected, asyncio.CancelledError)
        if not isinstance(error, expected):
            self.reports.append(f"the loop reports: {context['message']}: {error!r}")

    async def run(self) -> object:
        """Run the program as its caller does, and look what it leaves."""
        big = self.use.big()
        before = asyncio.all_tasks()
        bodies.caller.set("caller")
        try:
            self.result = repr(await self.scenario.program(self.module, self.use))
            return big
        finally:
            self.left += [_name(task) for task in asyncio.all_tasks() - before]
            self.use.sees()
            del before  # has the task of this frame

    def interrupt(self, kind: Any, moments: Collection[int]) -> Tuple[List[str], bool]:
        """Run the program, and interrupt it at moments. Return the faults, and whether all moments came."""
        watch = leaks.Watch(self.scenario.orphans != "")
        self.meddled = kind is Meddler  # a recipe may report that other code has cancelled its tasks
        faults: List[str] = []
        loop, use = self.loop, self.use
        interruption = kind(loop, self.run)
        try:
            loop.shock = interruption.shock
            loop.moments = moments
            task = interruption.task = loop.create_task(interruption.main())
            task.add_done_callback(lambda _: loop.stop())
            loop.run_forever()
            loop.moments = ()
            error = asyncio.CancelledError() if task.cancelled() else task.exception()
            if _is_cyclic(error):
                return ["the contexts of its exception form a cycle"], False
            cancelled_in_anyio = kind is AnyioScope and isinstance(error, asyncio.CancelledError)
            if not (use.fails and failed(error)) and not (self.scenario.anyio_raises and cancelled_in_anyio):
                faults.append(interruption.verdict(error))
            if kind in (Timeout, AnyioScope) and task.cancelling():  # a TaskGroup lowers it since 3.13
                faults.append("cancelling() is not 0 after the block")
            faults += [] if self.scenario.leaves_tasks else self.left
            self._let_end()
            if use.running:
                faults.append(f"{use.running} bodies have not ended")
            once = kind in (Interruption, BeforeTheCall, FailingGroup, Timeout) and len(moments) < 2
            may_cut = self.scenario.cancels_itself or (self.scenario.cleanup_is_cut and not once)
            if use.cut and not may_cut and kind not in (AnyioScope, Meddler):
                faults.append(f"{use.cut} cleanups were interrupted")
            vars(interruption).clear()  # a frame of its task holds it
            del loop.shock, task, error
            self.close()
        except loops.Stuck as stuck:
            watch.end()
            STUCK.append(self)
            return [str(stuck)], False
        # Blocks of asyncio and AnyIO have cycles; from Python 3.14 on, asyncio.wait has one when it is cancelled.
        frees = kind in (Interruption, Limit) and (sys.version_info < (3, 14) or not loop.shocks)
        if frees and not self.scenario.keeps_frames and not any(faults) and use.kept():
            faults.append(f"{use.kept()} frames are kept until the garbage collector runs")
        faults += [] if self.scenario.one_context else use.mixed
        faults += self.reports + watch.end()
        return [fault for fault in faults if fault], loop.shocks == len(moments)

    def ctrl_c(self, number: int) -> Tuple[List[str], bool]:
        """Run the program as `asyncio.run` does, and press Ctrl-C at a line of the recipe."""
        watch = leaks.Watch(self.scenario.orphans != "")
        ctrl_c = probes.CtrlC(self.module.__file__, number, False, self.scenario.unsafe)
        faults: List[str] = []
        error: Optional[BaseException] = None
        try:
            try:
                with ctrl_c:
                    self.loop.run_until_complete(self.run())
            except BaseException as raised:
                error = raised.with_traceback(None)
                for task in asyncio.all_tasks(self.loop):
                    task.cancel()
                self._let_end()
                self.loop.run_until_complete(self.loop.shutdown_asyncgens())
            if ctrl_c.raised != probes.led_to(error):
                faults.append(f"after a Ctrl-C, it ended with {error!r}")
            error = None
            self.close()
        except loops.Stuck as stuck:
            STUCK.append(self)
            faults.append(str(stuck))
        if self.use.running:
            faults.append(f"{self.use.running} bodies have not ended")
        gc.collect()
        faults += watch.end(ctrl_c=True)
        return [f"at line {ctrl_c.line}: {fault}" for fault in faults], ctrl_c.line > 0

    def many(self, cancelled: bool) -> None:
        """Run a program of many items; cancel it at its beginning if asked, so that all clean up at once."""
        task = self.loop.create_task(self.run())
        if cancelled:
            self.loop.call_later(0.6 * self.use.tick, task.cancel)
        with contextlib.suppress(asyncio.CancelledError):
            self.loop.run_until_complete(task)
        self._let_end()

    def _let_end(self) -> None:
        """Let the tasks that may run on end by themselves."""
        while tasks := asyncio.all_tasks(self.loop):
            left = len(tasks)

            def ended(_: object) -> None:
                nonlocal left
                left -= 1
                if left == 0:
                    self.loop.stop()

            while tasks:  # and keep none: from Python 3.11 on, frames of a task can refer to this one
                tasks.pop().add_done_callback(ended)
            with contextlib.suppress(KeyboardInterrupt):  # a TaskGroup raises it again
                self.loop.run_forever()

    def close(self) -> None:
        """Close the loop, and wait for its threads."""
        if sys.version_info >= (3, 9):
            self.loop.run_until_complete(self.loop.shutdown_default_executor())
        elif self.loop._default_executor:
            self.loop._default_executor.shutdown()
        self.loop.close()


def failed(error: Optional[BaseException]) -> bool:
    """Return whether a body's failure is the error, is in the group, or caused it."""
    while error is not None:
        inner = [*getattr(error, "exceptions", ()), *getattr(error, "errors", ())]
        if isinstance(error, bodies.FailureError) or any(map(failed, inner)):
            return True
        error = error.__cause__
    return False


def _is_cyclic(error: Optional[BaseException]) -> bool:
    seen: List[BaseException] = []
    while error is not None:
        if any(error is each for each in seen):
            return True
        seen.append(error)
        error = error.__context__
    return False


def _name(task: "asyncio.Task[Any]") -> str:
    return f"leaves the task {getattr(task.get_coro(), '__qualname__', task)}"


class Checks:
    """All checks of a scenario. Each returns how many programs it ran, and its first faults."""

    def __init__(self, scenario: Scenario, module: Any, uvloop: bool) -> None:
        self.scenario, self.module = scenario, module
        self.kinds: List[Any] = [Interruption, BeforeTheCall, Meddler]
        self.loops: Dict[str, Callable[[], Any]] = {"asyncio": loops.VirtualLoop, "debug mode": loops.debug_loop}
        if NEW:
            self.kinds += [Timeout, FailingGroup, AnyioScope]
        if NEW and uvloop:
            self.loops["uvloop"] = loops.uvloop_loop
        if sys.version_info >= (3, 12):
            self.loops["eager tasks"] = loops.eager_loop
        if scenario.real_time:
            self.loops = {name: loop for name, loop in self.loops.items() if name == "uvloop"}
            self.loops["asyncio"] = loops.real_loop
        self.result = ""
        self.kinds = [kind for kind in self.kinds if kind.name not in scenario.without]

    def program(self, where: str, **options: Any) -> Program:
        """Return a program in a new loop."""
        loop = self.loops[where]()
        use = Use(loop, **options)
        return Program(self.scenario, self.module, loop, use)

    def at_each_moment(self, where: str, kind: Any, *later: int, fails: bool = False) -> Tuple[int, List[str]]:
        """Interrupt the program at each moment in turn, and again so many moments later."""
        moment = count = 0
        while True:
            program = self.program(where, fails=fails)
            faults, came = program.interrupt(kind, (moment, *(moment + each for each in later)))
            count += 1
            if faults or not came:
                if not (faults or later or fails) and kind is Interruption:
                    faults = self.compare(where, program.result)
                return count, [f"moment {moment}: {fault}" for fault in faults]
            moment += 1

    def compare(self, where: str, result: str) -> List[str]:
        """Return a fault if a program that was not interrupted returns something else than in the first loop."""
        self.result = self.result or result
        if self.loops[where] is not loops.uvloop_loop and result != self.result:
            return [f"it returns {result}, otherwise {self.result}"]
        return []

    def once(self, where: str, kind: Any, **options: Any) -> Tuple[int, List[str]]:
        """Run the program without an interruption of the check's own."""
        return 1, self.program(where, **options).interrupt(kind, ())[0]

    def at_each_line(self) -> Tuple[int, List[str]]:
        """Press Ctrl-C at each line of the recipe."""
        number, faults, came = 0, [], True  # type: int, List[str], bool
        while came and not faults:
            faults, came = self.program("asyncio").ctrl_c(number)
            number += 1
        return number, faults

    def linear(self, cancelled: bool) -> Tuple[int, List[str]]:
        """Compare the work for some items with that for four times as many."""

        def run(use: Use) -> None:
            program = Program(self.scenario, self.module, use.loop, use)
            program.many(cancelled)
            program.close()

        return 2, blocking.linear(run, lambda: Use(self.loops["asyncio"](), in_turn=True), SIZES)


def check(scenario: Scenario, module: Any, uvloop: bool) -> Iterator[Tuple[str, int, List[str]]]:
    """Run all checks; yield the name of each, how many programs it ran, and its first faults."""
    checks = Checks(scenario, module, uvloop)
    for where in checks.loops:
        for kind in checks.kinds if where != "debug mode" else [Interruption]:
            run = checks.once if kind is BeforeTheCall else checks.at_each_moment
            yield (f"{kind.name}, {where}", *run(where, kind))
        if where in ("asyncio", "eager tasks"):
            for later in LATER:
                yield (f"cancelled twice, {where}", *checks.at_each_moment(where, Interruption, later))
            yield (f"cancelled while it fails, {where}", *checks.at_each_moment(where, Interruption, fails=True))
        gc.collect()
    for limit in blocking.LIMITS:
        yield (f"limit {limit}", *checks.once("asyncio", Limit, limit=limit))
    if "Ctrl-C at each line" not in scenario.without:
        yield ("Ctrl-C at each line", *checks.at_each_line())
    if not scenario.real_time:
        for cancelled in (False, True):
            yield ("linear" + ", cancelled" * cancelled, *checks.linear(cancelled))
