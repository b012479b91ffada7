"""Run a function that uses a recipe of threads, processes or signals, and interrupt it at every line."""

import asyncio
import concurrent.futures
import faulthandler
import gc
import math
import os
import signal
import threading
import time
import traceback
from typing import Any, Callable, Iterator, List, Optional, Tuple

from recipes.nasty import bodies, leaks, probes
from recipes.nasty.bodies import Use
from recipes.nasty.scenarios import Scenario

SIZES = 100, 400
"""How many items a program has whose calls are counted."""

LIMITS = 0.0, -1.0, math.inf, math.nan
"""Strange values for a limit."""

PATIENCE = 20.0
"""Seconds until a forked child is given up."""

ALLOWED = ValueError, TimeoutError, asyncio.TimeoutError, concurrent.futures.TimeoutError
"""What a recipe may raise for a strange limit."""


def check(scenario: Scenario, module: Any) -> Iterator[Tuple[str, int, List[str]]]:
    """Run all checks; yield the name of each, how many programs it ran, and its first faults."""

    def program(use: Use) -> Optional[BaseException]:
        bodies.caller.set("caller")
        try:
            scenario.program(module, use)
        except BaseException as error:
            return error.with_traceback(None)
        return None

    def watched(
        run: Callable[[Use], Optional[BaseException]], use: Use, *allowed: Any, ctrl_c: bool = False
    ) -> List[str]:
        watch = leaks.Watch(scenario.orphans != "")
        error = run(use)
        faults = [] if isinstance(error, (*allowed, type(None))) else [f"it raised {error!r}"]
        error = None
        if use.kept() and not ctrl_c:
            faults.append(f"{use.kept()} frames are kept until the garbage collector runs")
        gc.collect()
        return faults + use.mixed + watch.end(ctrl_c)

    def in_thread(use: Use) -> Optional[BaseException]:
        errors: List[Optional[BaseException]] = []
        thread = threading.Thread(target=lambda: errors.append(program(use)))
        thread.start()
        thread.join()
        if scenario.main_thread_only:
            return None if isinstance(errors[0], RuntimeError) else AssertionError(f"ended with {errors[0]!r}")
        return errors[0]

    yield "once", 1, watched(program, Use())
    yield "in another thread", 1, watched(in_thread, Use())
    yield "in a forked child", 1, in_fork(lambda: watched(program, Use()))
    for limit in LIMITS:
        yield f"limit {limit}", 1, watched(program, Use(limit=limit), *ALLOWED)
    number = 0
    faults: List[str] = []
    while not faults:
        ctrl_c = probes.CtrlC(module.__file__, number, True, scenario.unsafe)

        def interrupted(use: Use, ctrl_c: probes.CtrlC = ctrl_c) -> Optional[BaseException]:
            with ctrl_c:
                error = program(use)
            if ctrl_c.raised and not probes.led_to(error):
                return AssertionError(f"Ctrl-C was lost, it ended with {error!r}")
            return None if probes.led_to(error) else error

        faults = watched(interrupted, Use(), ctrl_c=True)
        if not ctrl_c.line:
            break
        faults = [f"Ctrl-C at line {ctrl_c.line}: {fault}" for fault in faults]
        number += 1
    yield "Ctrl-C at each line", number, faults
    yield "linear", 2, linear(program)


def linear(run: Callable[[Use], object], new: Callable[[], Use] = Use, sizes: Tuple[int, int] = SIZES) -> List[str]:
    """Return a fault if four times the size takes far more than four times as many calls."""
    counts = []
    for size in sizes:
        use = new()
        use.resize(size)
        counts.append(probes.count_calls(lambda use=use: run(use)))  # type: ignore[misc]
        if not use.sized:
            return []
    factor = sizes[1] / sizes[0]
    if counts[1] > 1.1 * factor * counts[0]:
        return [f"{factor:.0f} times as many items take {counts[1] / counts[0]:.1f} times as many calls"]
    return []


def in_fork(run: Callable[[], List[str]]) -> List[str]:
    """Run the check in a forked child, and return its faults."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            faulthandler.enable()
            os.write(writer, "\n".join(run()).encode())
        except BaseException:
            os.write(writer, traceback.format_exc().encode())
        finally:
            os._exit(0)
    os.close(writer)
    end = time.monotonic() + PATIENCE
    while os.waitpid(child, os.WNOHANG) == (0, 0):
        time.sleep(0.002)
        if time.monotonic() > end:
            os.kill(child, signal.SIGABRT)  # prints where it hangs
            os.waitpid(child, 0)
            break
    with open(reader, encoding="utf-8") as pipe:
        faults = pipe.read()
    return faults.split("\n") if faults else ["the child hangs"] * (time.monotonic() > end)
