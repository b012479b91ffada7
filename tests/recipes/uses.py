"""The shortest typical use of each recipe, as strict type checkers see it in a reader's project.

It is checked, not run. `assert_type` says what a reader gets: no `Any`, nothing unknown.
"""

import asyncio
import multiprocessing
import subprocess
import sys
import threading
from collections.abc import AsyncIterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, assert_type

import psutil
from alarm import alarm
from background_tasks import BackgroundTasks
from batch import Done, Failed, TimedOut, batch
from cancel_and_wait import cancel_and_wait
from cancel_on_disconnect import App, Message, Receive, Send, cancel_on_disconnect
from cancel_others import cancel_others
from cancel_token import Cancelled, CancelToken
from close_server import Connections, close_server
from closing_stream import closing_stream
from consume import consume
from deadline import Deadline
from debounce import debounce
from early_stop_group import TaskGroup
from finish import finish
from first_success import AllFailedError, first_success
from gather_or_cancel import gather_or_cancel
from graceful import graceful
from hedge import hedge
from kill_tree import kill_tree
from loop_thread import LoopThread
from loop_timer import LoopTimer
from periodic import Periodic
from repeating_timer import RepeatingTimer
from restartable_timer import RestartableTimer
from retry import retry
from run_cmd import run_cmd
from run_group import run_group
from run_hard import run_hard
from shutdown_now import shutdown_now
from single_flight import SingleFlight
from stop_flag import StopFlag
from stop_process import stop_process
from stoppable_thread import StoppableThread
from submit_from_thread import submit_from_thread
from timeout_block import timeout_block
from to_thread_cancellable import to_thread_cancellable


async def fetch(name: str = "") -> bytes:
    return name.encode()


async def count() -> int:
    return 1


async def numbers() -> AsyncIterator[int]:
    yield 1


async def in_tasks() -> None:
    async with BackgroundTasks() as tasks:
        assert_type(tasks.spawn(fetch("a"), name="fetch"), asyncio.Task[bytes])
    task = asyncio.create_task(fetch("a"))
    assert_type(await cancel_and_wait(task), bool)
    for left in await cancel_others(grace=5):
        print(left.get_name())
    async with closing_stream(numbers()) as stream:
        async for number in stream:
            assert_type(number, int)
    async with TaskGroup() as group:
        assert_type(group.create_task(fetch("a")), asyncio.Task[bytes])
        group.cancel()
    assert_type(await finish(fetch("a")), bytes)
    try:
        assert_type(await first_success(fetch("a"), fetch("b")), bytes)
    except AllFailedError as error:
        print(error.errors)
    assert_type(await gather_or_cancel(fetch("a"), count()), tuple[bytes, int])
    assert_type(await gather_or_cancel(fetch("a"), count(), count()), tuple[bytes, int, int])
    assert_type(await gather_or_cancel(*map(fetch, "abc")), tuple[bytes, ...])
    flights = SingleFlight[bytes]()
    assert_type(await flights.run("a", fetch), bytes)


async def in_queues() -> None:
    for result in await batch(fetch, ["a", "b"], max_at_once=10, timeout=60):
        match result:
            case Done(value):
                assert_type(value, bytes)
            case Failed(error):
                assert_type(error, BaseException)
            case TimedOut(started):
                assert_type(started, bool)
    queue = asyncio.Queue[str]()
    closing = asyncio.Event()
    await consume(queue, fetch, workers=2, closing=closing)


async def in_time() -> None:
    deadline = Deadline(10)
    assert_type(deadline.remaining(), float | None)
    async with deadline.at_most(2).timeout():
        await fetch("a")
    async with timeout_block(2):
        await fetch("a")
    assert_type(await hedge(fetch, [0.1, 0.2]), bytes)
    assert_type(await retry(fetch, [0.1, 1], on=OSError, attempt_timeout=2, timeout=10), bytes)
    assert_type(await retry(fetch, [0.1, 1], on=(OSError, TimeoutError)), bytes)


async def in_loops() -> None:
    async with Periodic(5, count):
        await fetch("a")
    timer = LoopTimer(5, lambda: print("idle"))
    timer.restart()
    assert_type(timer.cancel(), bool)

    @debounce(0.5)
    async def save(text: str, *, path: str = "") -> None:
        print(text, path)

    save("text", path="file")
    await save.flush()
    await save.stop()


async def in_servers() -> None:
    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(await reader.readline())

    connections = Connections(handle)
    server = await asyncio.start_server(connections, "127.0.0.1", 0)
    await close_server(server, connections, grace=10, cleanup=1)

    async def app(scope: Message, receive: Receive, send: Send) -> None:
        print(scope["path"], await receive())
        await send({"type": "http.response.start"})

    assert_type(cancel_on_disconnect(app), App)


async def in_threads() -> None:
    def work(stopping: threading.Event) -> int:
        return 1 if stopping.wait(1) else 0

    stopping = threading.Event()
    assert_type(await to_thread_cancellable(work, stopping, stop=stopping.set), int)


def from_threads(loop: asyncio.AbstractEventLoop) -> None:
    assert_type(submit_from_thread(fetch("a"), loop, timeout=5, grace=1), bytes)
    with LoopThread() as background:
        assert_type(background.run(fetch("a"), timeout=5), bytes)
    with CancelToken() as token:
        child = CancelToken(token)
        child.add_callback(lambda: print("cancelled"))
        try:
            child.raise_if_cancelled()
        except Cancelled:
            assert_type(child.wait(timeout=1), bool)
    with StoppableThread(lambda stopping: stopping.wait(60), daemon=True) as thread:
        assert_type(thread.stop_and_join(timeout=5), bool)
        assert_type(thread.exception, BaseException | None)
    with RepeatingTimer(5, lambda: print("beat")) as beat:
        beat.thread.name = "beat"
        assert_type(beat.stop(timeout=1), bool)
    with RestartableTimer(5, lambda: print("idle")) as idle:
        idle.restart()
        assert_type(idle.cancel(), bool)
        assert_type(idle.join(timeout=1), bool)
    with ThreadPoolExecutor() as pool:
        futures = [pool.submit(len, "text")]
        assert_type(shutdown_now(pool, futures), list[Future[int]])


async def in_commands() -> None:
    done = await run_cmd("git", "status", timeout=10, grace=1, stdout=subprocess.PIPE, cwd="/")
    assert_type(done, subprocess.CompletedProcess[bytes])


def in_processes() -> None:
    made = run_group("ls | sort", shell=True, timeout=10, grace=1, text=True)
    assert_type(made, subprocess.CompletedProcess[Any])
    with StopFlag() as stop:
        while not stop.is_set():
            assert_type(stop.wait(60), bool)
    assert_type(stop.signal, int | None)
    assert_type(run_hard(len, "text", timeout=10, grace=1), int)
    process = multiprocessing.Process(target=print)
    process.start()
    assert_type(stop_process(process, grace=5), int | None)
    assert_type(kill_tree(psutil.Process(), grace=5), list[psutil.Process])


async def main() -> None:
    with alarm(5):
        print("blocking")
    await in_tasks()


if __name__ == "__main__":
    sys.exit(graceful(main(), grace=10, debug=True))
