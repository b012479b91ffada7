"""A small program for each recipe, which uses it as a reader would.

An `async def` is run by `coroutines.py`, a `def` by `blocking.py`. A program gets the recipe's module and a
`Use`: `use.work` is a coroutine with a cleanup, `use.n` says how many, `use.limit(x)` is a delay of x ticks,
`use.timeout()` is a limit that does not expire. A program that needs an exception from a check names it with the
reason, which is in the recipe's docstring.
"""

import asyncio
import concurrent.futures
import contextlib
import math
import multiprocessing
import os
import signal
import subprocess
import threading
import time
from dataclasses import dataclass, field
from typing import Any, AsyncIterator, Awaitable, Callable, Dict, List, Tuple

from recipes.nasty.bodies import FailureError, Use

Program = Callable[[Any, Use], Any]


@dataclass
class Scenario:
    """A program that uses a recipe."""

    recipe: str
    program: Program
    leaves_tasks: str = ""
    """Why tasks may run on when the program has ended."""
    cleanup_is_cut: str = ""
    """Why a second cancellation interrupts a cleanup."""
    cancels_itself: str = ""
    """Why one cancellation of the caller is the second one of a body."""
    keeps_frames: str = ""
    """Why a cancellation or failure leaves a cycle of references."""
    orphans: str = ""
    """Why there may be processes that this one cannot wait for; they must end nevertheless."""
    one_context: str = ""
    """Why callables see each other's context variables."""
    anyio_raises: str = ""
    """Why a CancelledError can leave a scope of AnyIO that was cancelled."""
    real_time: str = ""
    """Why its loop cannot have virtual time."""
    main_thread_only: str = ""
    """Why another thread gets a RuntimeError."""
    unsafe: Tuple[str, ...] = ()
    """Lines of the recipe at which a Ctrl-C leaves something, as its docstring says."""
    without: Dict[str, str] = field(default_factory=dict)
    """Checks that cannot hold, with reasons."""

    @property
    def name(self) -> str:
        """The name of the program, usually the recipe's."""
        return self.program.__name__


SCENARIOS: Dict[str, Scenario] = {}


def uses(recipe: str, **exceptions: Any) -> Callable[[Program], Program]:
    """Register a program that uses a recipe."""

    def register(program: Program) -> Program:
        SCENARIOS[program.__name__] = Scenario(recipe, program, **exceptions)
        return program

    return register


IN_CALLER = "runs in the task of the caller"
GIVES_UP = "a cancelled caller stops waiting at once; the tasks clean up alone"


@uses("background_tasks", leaves_tasks=GIVES_UP)
async def background_tasks(recipe: Any, use: Use) -> None:
    async def close() -> None:
        with contextlib.suppress(RuntimeError):  # it would wait for itself
            await tasks.aclose()
            raise AssertionError("one of the tasks has closed them")

    async with recipe.BackgroundTasks() as tasks:
        tasks.spawn(close())
        running = [tasks.spawn(use.work(item)) for item in range(use.n)]
        await asyncio.sleep(use.tick)
        assert len(tasks) == sum(not task.done() for task in running)


@uses("batch", keeps_frames="an asyncio.TaskGroup does, before 3.14")
async def batch(recipe: Any, use: Use) -> object:
    return await recipe.batch(use.work, range(use.n), max_at_once=1, timeout=use.limit(math.inf))


@uses("cancel_and_wait", leaves_tasks=GIVES_UP)
async def cancel_and_wait(recipe: Any, use: Use) -> None:
    for item in range(use.n):
        task = asyncio.ensure_future(use.work(item))
        try:
            await asyncio.sleep(0)
        finally:
            await recipe.cancel_and_wait(task)


@uses("cancel_on_disconnect", cancels_itself="a disconnect cancels the request, and each cancellation does")
async def cancel_on_disconnect(recipe: Any, use: Use) -> None:
    messages: "asyncio.Queue[Any]" = asyncio.Queue()
    for _ in range(use.n):
        messages.put_nowait({"type": "http.request", "body": b"x", "more_body": True})

    async def app(_: object, receive: Callable[[], Awaitable[object]], send: Callable[[object], Any]) -> None:
        for _ in range(use.n):
            await receive()
        await send({"type": "http.response.start"})
        await use.work()
        await send({"type": "http.response.body"})

    async def receive() -> Any:
        try:
            return await messages.get()
        finally:
            await asyncio.sleep(0)

    async def send(message: Dict[str, str]) -> None:
        await asyncio.sleep(0)
        if message["type"] == "http.response.start":
            messages.put_nowait({"type": "http.disconnect"})

    await recipe.cancel_on_disconnect(app)({"type": "http", "headers": []}, receive, send)


@uses(
    "cancel_others",
    leaves_tasks=GIVES_UP,
    without={"a failing group": "it cancels the group, too"},
)
async def cancel_others(recipe: Any, use: Use) -> None:
    tasks: "List[object]" = []
    try:
        for item in range(use.n):
            tasks.append(asyncio.ensure_future(use.work(item)))
        await asyncio.sleep(use.tick / 2)
    finally:
        await recipe.cancel_others(use.timeout())


@uses("cancel_token")
async def cancel_token(recipe: Any, use: Use) -> str:
    with recipe.CancelToken() as token:
        children = [token]
        for _ in range(use.n):
            children.append(recipe.CancelToken(children[-1]))
        asyncio.get_running_loop().call_later(use.tick, token.cancel, "late")
        await children[-1].wait_async()
        await asyncio.sleep(0)
    return str(children[-1].reason)


@uses("cancel_token")
def cancel_token_in_threads(recipe: Any, use: Use) -> bool:
    with recipe.CancelToken() as token:
        children = [recipe.CancelToken(token) for _ in range(use.n)]
        thread = threading.Thread(target=children[-1].wait)
        try:
            thread.start()
            children[0].wait(use.limit(1) if use.limit(1) < 9 else 0)
            token.cancel("done")
        finally:
            token.cancel("after a Ctrl-C")
            assert children[-1].cancelled()
            thread.join()
    return bool(children[-1].cancelled())


@uses(
    "closing_stream",
    cleanup_is_cut=IN_CALLER,
    one_context=IN_CALLER,
    keeps_frames="the block and the cleanup raise the same exception",
)
async def closing_stream(recipe: Any, use: Use) -> None:
    broken = FailureError("as a broken connection stores it")

    async def items() -> AsyncIterator[int]:
        try:
            for item in range(9 * use.n):
                yield item
        finally:
            if use.fails:
                raise broken
            await use.work("the cleanup")

    async with recipe.closing_stream(items()) as stream:
        async for item in stream:
            await asyncio.sleep(use.tick)
            try:
                if use.fails:
                    raise broken
            except FailureError as error:
                raise RuntimeError(item) from error
            if item == use.n:
                break


@uses(
    "close_server",
    real_time="it has sockets",
    unsafe=(  # nothing is closed before these
        "if math.isnan(grace) or math.isnan(cleanup):",
        "tasks = connections.tasks",
        "if asyncio.current_task() in tasks:",
        "server.close()",
    ),
)
async def close_server(recipe: Any, use: Use) -> None:
    async def handle(reader: asyncio.StreamReader, _: asyncio.StreamWriter) -> None:
        await reader.read()

    connections = recipe.Connections(handle)
    server = await asyncio.start_server(connections, "127.0.0.1", 0, start_serving=False)
    try:
        await server.start_serving()
        for _ in range(use.n):
            await asyncio.sleep(0)
    finally:
        await recipe.close_server(server, connections, grace=0.001)


@uses("consume")
async def consume(recipe: Any, use: Use) -> None:
    queue: "asyncio.Queue[int]" = asyncio.Queue()
    closing = asyncio.Event()
    for item in range(use.n):
        queue.put_nowait(item)
    closing.set()
    await recipe.consume(queue, use.work, workers=2, closing=closing)


@uses("deadline", keeps_frames="an asyncio.Timeout refers to its task", cleanup_is_cut=IN_CALLER, one_context=IN_CALLER)
async def deadline(recipe: Any, use: Use) -> None:
    budget = recipe.Deadline(max(60, use.timeout()))
    for _ in range(use.n):
        async with budget.at_most(use.timeout()).timeout():
            await use.work()


@uses("debounce", leaves_tasks=GIVES_UP)
async def debounce(recipe: Any, use: Use) -> object:
    saved: "List[object]" = []

    async def work(item: object) -> None:
        saved.append(await use.work(item))

    save = recipe.debounce(use.limit(2))(work)
    try:
        for item in range(use.n):
            save(item)
            await asyncio.sleep(use.tick)
        await save.flush()
        save("next")
    finally:
        await save.stop()
    return saved


@uses(
    "early_stop_group",
    keeps_frames="an asyncio.TaskGroup does, before 3.14",
    anyio_raises="AnyIO does not know the CancelledError of a TaskGroup that ends in the same tick, nor in 3.15",
)
async def early_stop_group(recipe: Any, use: Use) -> None:
    async with recipe.TaskGroup() as group:
        for item in range(use.n):
            group.create_task(use.work(item))
        await asyncio.sleep(use.tick / 2)
        group.cancel()


@uses("finish")
async def finish(recipe: Any, use: Use) -> None:
    for item in range(use.n):
        await recipe.finish(use.work(item))


@uses("first_success")
async def first_success(recipe: Any, use: Use) -> object:
    return await recipe.first_success(*(use.work(item) for item in range(use.n)))


@uses("gather_or_cancel")
async def gather_or_cancel(recipe: Any, use: Use) -> object:
    return await recipe.gather_or_cancel(*(use.work(item) for item in range(use.n)))


@uses("hedge")
async def hedge(recipe: Any, use: Use) -> object:
    return await recipe.hedge(use.work, [use.limit(0.5)] * (use.n - 1))


@uses("loop_timer")
async def loop_timer(recipe: Any, use: Use) -> int:
    calls: "List[int]" = []

    def call() -> None:
        use.sees()
        calls.append(1)

    timer = recipe.LoopTimer(use.limit(2), call)
    try:
        for _ in range(use.n):
            timer.restart()
            await asyncio.sleep(use.tick)
        timer.restart()
        await asyncio.sleep(5 * use.tick)
        timer.restart()
    finally:
        timer.cancel()
    return len(calls)


@uses(
    "loop_thread",
    unsafe=(
        # The constructor has not returned the thread; or `stop` is called again when the program ends.
        "self.stop()",
        "if current_thread() is self._thread:",
        "with suppress(RuntimeError):  # the loop is closed",
        "self._loop.call_soon_threadsafe(self._end.cancel)",
        "while self._thread.is_alive():",
        "Event().wait(0.002)  # no join, for Ctrl-C: gh-90882",
        "self._end = self._loop.create_future()",
        "self._thread = Thread(target=self._work, daemon=True)",
        "self._thread.start()",
        "atexit.register(self.stop)",
    ),
)
def loop_thread(recipe: Any, use: Use) -> object:
    with recipe.LoopThread() as loop:
        return [loop.run(use.work(item)) for item in range(use.n)]


@uses("periodic", leaves_tasks=GIVES_UP)
async def periodic(recipe: Any, use: Use) -> None:
    async with recipe.Periodic(use.limit(1), use.work):
        await asyncio.sleep(4 * use.n * use.tick)


@uses("retry", keeps_frames="an asyncio.Timeout refers to its task", cleanup_is_cut=IN_CALLER, one_context=IN_CALLER)
async def retry(recipe: Any, use: Use) -> object:
    attempts: "List[object]" = []

    async def attempt() -> object:
        attempts.append(await use.work())
        if len(attempts) < use.n:
            raise OSError("not yet")
        return "done"

    delays = [min(use.limit(1), 9)] * use.n
    return await recipe.retry(attempt, delays, on=OSError, attempt_timeout=use.timeout(), timeout=use.timeout())


@uses(
    "run_cmd",
    orphans="the command has children",
    real_time="it waits for a process",
    without={"Ctrl-C at each line": "after a KeyboardInterrupt, the processes run on"},
)
async def run_cmd(recipe: Any, use: Use) -> object:
    return await recipe.run_cmd("sh", "-c", "echo out; sleep 0.01 & wait", timeout=use.timeout(), grace=0.01)


@uses(
    "timeout_block",
    keeps_frames="an asyncio.Timeout refers to its task",
    cleanup_is_cut=IN_CALLER,
    one_context=IN_CALLER,
)
async def timeout_block(recipe: Any, use: Use) -> None:
    async with recipe.timeout_block(use.timeout()):
        for _ in range(use.n):
            await use.work()


@uses("to_thread_cancellable")
async def to_thread_cancellable(recipe: Any, use: Use) -> bool:
    stop = threading.Event()

    def wait(seconds: float) -> bool:
        use.sees()
        use.may_fail()
        return stop.wait(seconds)

    for _ in range(use.n):
        await recipe.to_thread_cancellable(wait, 0.0005, stop=stop.set)
    return stop.is_set()


@uses(
    "alarm",
    unsafe=("if self._armed:", "self._restore()", "self._armed = False", "signal.setitimer(signal.ITIMER_REAL, 0)"),
    main_thread_only="Python runs signal handlers there",
)
def alarm(recipe: Any, use: Use) -> None:
    _ = use.big()
    with contextlib.suppress(TimeoutError), recipe.alarm(use.limit(1)):
        time.sleep(0.005)


@uses("graceful", main_thread_only="Python runs signal handlers there")
def graceful(recipe: Any, use: Use) -> int:
    async def main() -> None:
        try:
            os.kill(os.getpid(), signal.SIGTERM)
            await asyncio.sleep(2)
            raise AssertionError("it was not cancelled")
        finally:
            await asyncio.sleep(0)

    return int(recipe.graceful(main(), grace=max(1, use.timeout())))


@uses("kill_tree", orphans="a descendant is not a child of the caller")
def kill_tree(recipe: Any, use: Use) -> object:
    root = recipe.psutil.Popen(["sh", "-c", "sleep 60 & sleep 60"])
    try:
        return recipe.kill_tree(root, grace=use.timeout())
    except KeyboardInterrupt:
        recipe.kill_tree(root)  # ends what a first Ctrl-C has left
        raise
    finally:
        root.wait()


@uses("repeating_timer")
def repeating_timer(recipe: Any, use: Use) -> int:
    calls: "List[None]" = []
    called = threading.Event()

    def call() -> None:
        _ = use.big()
        use.sees()
        calls.append(None)
        if len(calls) >= use.n:
            called.set()
            timer.stop()

    timer = recipe.RepeatingTimer(use.limit(0.5) or 1e-9, call)
    with timer:
        called.wait(use.timeout() if use.timeout() < 9e9 else None)
        timer.stop(use.timeout())
    timer.stop(0)
    return len(calls)


@uses("restartable_timer")
def restartable_timer(recipe: Any, use: Use) -> int:
    calls: "List[None]" = []
    with recipe.RestartableTimer(use.limit(0.5), lambda: calls.append(None)) as timer:
        for _ in range(use.n):
            timer.restart()
        timer.join()
        timer.restart()
    return len(calls)


@uses("run_group", orphans="the command has children")
def run_group(recipe: Any, use: Use) -> object:
    with contextlib.suppress(subprocess.TimeoutExpired):
        return recipe.run_group("echo out; sleep 0.01 & wait", shell=True, timeout=use.timeout(), grace=0.01)
    return None


@uses("run_group")
def run_group_in_vain(recipe: Any, use: Use) -> None:
    with contextlib.suppress(subprocess.TimeoutExpired):
        recipe.run_group(["sleep", "60"], timeout=min(use.limit(1), 0.01), grace=1)
        raise AssertionError("it did not expire")


@uses(
    "run_hard",
    unsafe=(
        "if child.pid is not None:  # it was started",
        "child.kill()",
        "with suppress(OSError):  # it has no group yet",
        "os.killpg(child.pid, signal.SIGKILL)",
        "child.join()  # last: this frees the number",
    ),
)
def run_hard(recipe: Any, use: Use) -> object:
    return recipe.run_hard(pow, 2, 3, timeout=use.timeout())


@uses("shutdown_now")
def shutdown_now(recipe: Any, use: Use) -> object:
    go = threading.Event()
    pool = concurrent.futures.ThreadPoolExecutor(1)
    futures = [pool.submit(go.wait, 9) for _ in range(use.n)]
    try:
        return recipe.shutdown_now(pool, futures)
    finally:
        go.set()
        pool.shutdown()


@uses("single_flight", leaves_tasks=GIVES_UP)
async def single_flight(recipe: Any, use: Use) -> object:
    flights = recipe.SingleFlight()
    return await flights.run("key", use.work)


@uses(
    "stop_flag",
    unsafe=(
        # The end of the block. A handler that stays would be forked into the children of the next program.
        "for number, earlier in self._earlier.items():",
        "signal.signal(number, earlier)",
    ),
    main_thread_only="Python runs signal handlers there",
)
def stop_flag(recipe: Any, use: Use) -> bool:
    stop = recipe.StopFlag()
    for number in (signal.SIGINT, signal.SIGTERM):
        with stop:
            signal.raise_signal(number)
            assert stop.wait()
    with stop:
        thread = threading.Thread(target=stop.wait)
        thread.start()
        try:
            stop.wait(min(use.limit(1), 0.01))
        finally:
            stop.set()
            thread.join()
    return bool(stop.wait(use.timeout()))


@uses("stop_process")
def stop_process(recipe: Any, use: Use) -> object:
    process = multiprocessing.get_context("fork").Process(target=time.sleep, args=(60,))
    process.start()
    try:
        return recipe.stop_process(process, grace=use.timeout())
    except KeyboardInterrupt:
        recipe.stop_process(process)  # ends what a first Ctrl-C has left
        raise
    finally:
        if process.exitcode is None:
            process.kill()
            process.join()


@uses("stoppable_thread")
def stoppable_thread(recipe: Any, use: Use) -> bool:
    def work(stopping: threading.Event) -> None:
        stopping.wait(9)
        time.sleep(use.tick)  # its cleanup

    with recipe.StoppableThread(work) as thread:
        thread.stop_and_join(use.timeout())
    return bool(thread.stop_and_join(use.timeout()))


@uses("submit_from_thread")
def submit_from_thread(recipe: Any, use: Use) -> object:
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    try:
        return [recipe.submit_from_thread(use.work(n), loop, use.timeout(), grace=use.timeout()) for n in range(use.n)]
    finally:
        asyncio.run_coroutine_threadsafe(_end_others(), loop).result()
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


async def _end_others() -> None:
    while others := asyncio.all_tasks() - {asyncio.current_task()}:
        for task in others:
            task.cancel()
        await asyncio.wait(others)
