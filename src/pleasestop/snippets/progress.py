"""Show how a batch of runs goes."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn


@contextmanager
def progress_bar(total: int, activity: str) -> Iterator[tuple[Console, Callable[[], None]]]:
    """Show a bar with an estimate on a terminal, nothing elsewhere.

    Yield a console on stderr that writes above the bar, and a function that counts one run.
    """
    console = Console(stderr=True, highlight=False, soft_wrap=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, disable=not console.is_terminal, transient=True) as shown:
        task = shown.add_task(activity, total=total)
        yield console, lambda: shown.advance(task)
