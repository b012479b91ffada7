"""Tell a person how a batch goes and what is wrong; the same for the command line and a build."""

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Literal

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from pleasestop.check import Checked
from pleasestop.contract import WENT_RIGHT


@contextmanager
def bar(total: int, doing: str) -> Iterator[tuple[Console, Callable[[], None]]]:
    """Show a bar with an estimate on a terminal, nothing elsewhere.

    Gives a console on stderr that writes above the bar, and a function to count one.
    """
    console = Console(stderr=True, highlight=False, soft_wrap=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, disable=not console.is_terminal, transient=True) as shown:
        task = shown.add_task(doing, total=total)
        yield console, lambda: shown.advance(task)


@contextmanager
def progress(
    total: int, doing: str, tell: Literal["each", "failures", "nothing"]
) -> Iterator[Callable[[Checked], None]]:
    """Show results as they come: each run, failures only, or nothing but the bar."""
    with bar(total, doing) as (console, advance):

        def ended(checked: Checked) -> None:
            advance()
            if checked.problems and tell != "nothing":
                console.print(report(checked), style="red", markup=False)
            elif tell == "each" and not console.is_terminal and not checked.cached and checked.run is not None:
                console.print(f"ok {checked.snippet.name} {checked.run.seconds:.2f} s on {checked.run.python.label}")

        yield ended


def report(checked: Checked) -> str:
    """Tell all that is wrong with one result: file, Python, what, remedy."""
    where = f" on {checked.run.python.label}" if checked.run is not None else ""
    return f"{os.path.relpath(checked.snippet.path)}{where}:\n" + "\n".join(f"  {text}" for text in checked.problems)


def summary(results: Sequence[Checked]) -> str:
    """Count results: run, cached, shown from the record, failed, went right, and the slowest."""
    ran = [checked for checked in results if checked.run is not None and not checked.cached]
    went_right = sum(any(text.startswith(WENT_RIGHT) for text in checked.problems) for checked in results)
    slowest = sorted(ran, key=lambda checked: checked.run.seconds if checked.run else 0, reverse=True)[:3]
    slow = ", ".join(f"{checked.snippet.name} {checked.run.seconds:.1f} s" for checked in slowest if checked.run)
    counts = (
        f"{len(ran)} run, {sum(checked.cached for checked in results)} cached, "
        f"{sum(checked.run is None for checked in results)} not runnable here, "
        f"{sum(not checked.ok for checked in results)} failed, "
        f"{went_right} expected failures that did not come"
    )
    return counts + (f"; slowest: {slow}" if slow else "")
