# SPDX-License-Identifier: 0BSD
# Recipe: graceful 1.0.0
# Source: Please Stop, recipes/graceful
# Python: 3.8 or newer
"""Run a program that cleans up and leaves on Ctrl-C and SIGTERM."""

import asyncio
import os
import signal
import threading
from contextlib import suppress
from types import FrameType
from typing import Any, Coroutine, Dict, Iterable, List, Optional


def graceful(
    main: "Coroutine[Any, Any, None]",
    *,
    signals: Iterable[int] = (signal.SIGINT, signal.SIGTERM),
    grace: float = 10.0,
) -> int:
    """Run `main` as `asyncio.run` does; a signal cancels it, once.

    The first signal cancels `main`, which leaves through its
    `finally` blocks; then `asyncio.run` cancels the tasks that are
    left. All of it, even if it blocks the loop, has `grace` seconds
    from when the loop hears of the signal. Their end and a second
    signal end the process at once, by `os._exit`: no `finally`, no
    `atexit`, no flush. A blocked loop hears only the second.

    The handlers are put back at the end. A signal that is ignored
    (as SIGINT is after `&` in a script) or that C code handles
    stays so. Main thread only. On Windows, add SIGBREAK.

    Args:
        main: The coroutine to run; closed if it cannot start.
        signals: The signals that ask to stop.
        grace: Seconds for all cleanup; `math.inf` for no limit.
            With zero or less the first signal ends the process.

    Returns:
        0, or 128 plus the signal's number: what a shell reports for
        a program ended by it. Give it to `sys.exit`.

    Raises:
        RuntimeError: Not in the main thread, or in a running loop.
        BaseException: What `main` raised, after a signal, too;
            `CancelledError` only if no signal came.
    """
    received: List[int] = []
    previous: Dict[int, Any] = {}
    timer = threading.Timer(
        min(grace, threading.TIMEOUT_MAX),
        lambda: os._exit(128 + received[0]),
    )

    async def supervised() -> None:
        loop = asyncio.get_running_loop()
        task = asyncio.current_task()
        assert task

        def handle(number: int, _: Optional[FrameType]) -> None:
            received.append(number)
            if len(received) > 1 or grace <= 0:
                # SIG_DFL would not end process 1 of a container.
                os._exit(128 + number)
            # Not timer.start(): `threading` may hold its lock now.
            if not loop.is_closed():
                loop.call_soon_threadsafe(timer.start)
                loop.call_soon_threadsafe(task.cancel)

        for number in previous:
            # Otherwise a signal that comes just before select, or
            # to another thread, leaves an idle loop asleep.
            with suppress(NotImplementedError):  # Windows wakes it
                loop.add_signal_handler(number, lambda: None)
            signal.signal(number, handle)
        await main

    runner = supervised()
    try:
        if threading.current_thread() != threading.main_thread():
            raise RuntimeError("signals need the main thread")
        for number in signals:
            old = signal.getsignal(number)
            if old not in (signal.SIG_IGN, None):
                previous[number] = old
        asyncio.run(runner)
    except asyncio.CancelledError:
        if not received:
            raise
    finally:
        timer.cancel()
        if timer.is_alive():
            timer.join()
        runner.close()
        main.close()
        for number, old in previous.items():
            signal.signal(number, old)
    return 128 + received[0] if received else 0
