"""Programs run in the page in Firefox and in WebKit as well, where this machine has them."""

import json
from collections.abc import Iterator

import pytest

import engines
from engines import ENTER, TAB, Tab, until
from pleasestop.site import playground
from support import ROOT, SNIPPETS, lacking

PAGE, NAME = "tasks/cancel-a-task/", "cancel_then_wait"


@pytest.fixture(scope="module", params=[engines.firefox, engines.webkit])
def tab(request: pytest.FixtureRequest, served: str) -> Iterator[Tab]:
    """A page in one of the browsers, which keeps its Python from one test to the next."""
    if problem := playground.fetch(ROOT):
        lacking(problem)
    with request.param() as tab:
        tab.goto(served + PAGE)
        yield tab


def look(tab: Tab, expression: str) -> object:
    """Return the value of an expression that may use `figure`, the program's, and `start`, its first button."""
    names = f"figure = document.getElementById('{NAME}'), start = figure.querySelector('.ps-run button')"
    return tab.evaluate(f"(() => {{ const {names}; return {expression}; }})()")


def press(tab: Tab, label: str) -> None:
    """Press a button at the program, if it is there."""
    of_label = f"one.textContent === '{label}' && !one.hidden"
    look(tab, f"[...figure.querySelectorAll('.ps-run button')].find((one) => {of_label})?.click()")


def edit(tab: Tab, program: str) -> None:
    """Put another program into the editor, which then has the focus."""
    press(tab, "Edit")
    until(lambda: look(tab, "figure.querySelector('textarea')?.value"), "there is no editor")
    look(
        tab, f"figure.querySelector('textarea').select(), document.execCommand('insertText', 0, {json.dumps(program)})"
    )


def printed(tab: Tab) -> str:
    """Wait until the program has ended; return what is shown as printed in the browser."""
    until(lambda: look(tab, "start.textContent === 'Run'"), "the program still runs")
    return str(look(tab, "figure.querySelector('.ps-live samp').textContent"))


def test_a_program_prints_what_cpython_prints(tab: Tab) -> None:
    press(tab, "Run")
    approved = SNIPPETS[NAME].approved_for(playground.PYTHON)
    assert approved is not None
    assert printed(tab).splitlines() == approved.output.rows()


def test_stop_ends_a_program_that_never_looks(tab: Tab) -> None:
    edit(tab, "print('spinning')\nwhile True:\n    pass\n")
    press(tab, "Run")
    until(lambda: look(tab, "figure.querySelector('.ps-live samp').textContent === 'spinning\\n'"), "it prints nothing")
    press(tab, "Stop")
    assert printed(tab) == "spinning\n(still running: stopped from outside)"


def test_a_program_that_is_typed_writes_to_stderr_and_fails(tab: Tab) -> None:
    edit(tab, "import sys\n")
    tab.press(f"if True:{ENTER}{TAB}print(1, file=sys.stderr){ENTER}sys.exit(3)")
    tab.press(ENTER, control=True)
    assert printed(tab) == "1\n(exit status 3)"
    assert look(tab, "figure.querySelector('.ps-live samp > .ps-stderr').textContent") == "1\n"


def test_waits_take_their_time_and_end(tab: Tab) -> None:
    edit(
        tab,
        """
import asyncio, threading, time
async def main():
    started = time.monotonic()
    try:
        async with asyncio.timeout(0.2):
            await asyncio.sleep(60)
    except TimeoutError:
        print("timeout")
    time.sleep(0.2)
    print(threading.Event().wait(0.2), 0.6 <= time.monotonic() - started < 30)
asyncio.run(main())
""",
    )
    press(tab, "Run")
    assert printed(tab) == "timeout\nFalse True\n"


def test_a_program_that_nothing_can_wake_says_so(tab: Tab) -> None:
    edit(tab, "import queue\nqueue.Queue().get()\n")
    press(tab, "Run")
    assert printed(tab) == "(nothing can wake it: a program in a terminal would wait forever)"


def test_an_edit_is_kept_over_a_reload_and_has_colours(tab: Tab, served: str) -> None:
    edit(tab, "class Kept: ...\n")
    tab.goto(served + PAGE)
    until(lambda: look(tab, "figure.querySelector('textarea')?.value") == "class Kept: ...\n", "the edit is lost")
    assert look(tab, "figure.querySelector('.ps-editor .nc').textContent") == "Kept"
