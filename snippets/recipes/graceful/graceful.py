# SPDX-License-Identifier: 0BSD
# Recipe: graceful 1.1.3
# Source: Please Stop, recipes/graceful
# Python: 3.8 or newer
"""Run an asyncio program that cleans up on Ctrl-C and SIGTERM."""

import asyncio
import os
import signal
import threading
from contextlib import suppress
from time import monotonic, sleep
from typing import Any, Coroutine, Dict, Iterable, List, Tuple


def graceful(
    main: "Coroutine[Any, Any, None]",
    *,
    signals: Iterable[int] = (signal.SIGINT, signal.SIGTERM),
    grace: float = 10.0,
    **options: Any,
) -> int:
    """Run `main` as `asyncio.run` does; a signal cancels it, once.

    The first signal cancels `main`, which runs its `finally` blocks;
    then `asyncio.run` cancels the other tasks. When `grace` is over,
    or on a signal more than a second after the first, `os._exit` ends
    the process: no `finally`, no `atexit`, no flush. `grace` begins
    when the loop handles the signal, so not while the loop is blocked.

    Handlers are restored at the end. A signal that is ignored or that
    C code handles stays so. Returns 0, or 128 plus the first signal's
    number, for `sys.exit`. Raises what `main` raises, CancelledError
    without a signal, RuntimeError in a loop or outside the main thread.

    Args:
        main: The coroutine to run; closed if it cannot start.
        signals: They stop the program. On Windows, add SIGBREAK.
        grace: Seconds for all cleanup; `math.inf` for no limit.
            With zero or less the first signal ends the process.
        options: For `asyncio.run`, such as `loop_factory`.
    """
    if not asyncio.iscoroutine(main):
        raise TypeError("this runs coroutines only")
    pid = os.getpid()
    received: List[Tuple[int, float]] = []
    previous: Dict[int, Any] = {}
    timer = threading.Timer(
        grace, lambda: os._exit(128 + received[0][0])
    )

    async def supervised() -> None:
        loop = asyncio.get_running_loop()
        task: Any = asyncio.current_task()

        def handle(number: int, _: object) -> None:
            if os.getpid() != pid:  # in a forked child
                signal.signal(number, previous[number])
                signal.raise_signal(number)
                return
            mine = number, monotonic()
            received.append(mine)
            if mine[1] - received[0][1] > 1 or not grace > 0:
                os._exit(128 + number)
            if mine is received[0] and not loop.is_closed():
                loop.call_soon_threadsafe(timer.start)
                loop.call_soon_threadsafe(task.cancel)

        for number in previous:
            signal.signal(number, handle)
        with suppress(AttributeError):  # Windows wakes an idle loop
            # For any signal in any thread. loop.close resets only this.
            wake = signal.SIGURG
            previous.setdefault(wake, signal.getsignal(wake) or 0)
            loop.add_signal_handler(wake, lambda: None)
        await main

    runner = supervised()
    try:
        if threading.current_thread() != threading.main_thread():
            raise RuntimeError("signals need the main thread")
        timer.interval = float(min(grace, threading.TIMEOUT_MAX))
        for number in signals:
            old = signal.getsignal(number)
            if old not in (signal.SIG_IGN, None):
                previous[number] = old
        asyncio.run(runner, **options)
    except asyncio.CancelledError:
        if not received:
            raise
    finally:
        timer.cancel()
        while timer.is_alive():
            sleep(0.002)  # Ctrl-C in a join breaks it (bpo-45274)
        with suppress(BaseException):  # raise the first error
            runner.close()
            main.close()
        for number, old in previous.items():
            signal.signal(number, old)
    return 128 + received[0][0] if received else 0
