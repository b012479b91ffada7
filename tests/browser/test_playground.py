"""Programs that readers run in the page: as CPython runs them, and under control."""

import gzip
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Literal

import pytest
from packaging.specifiers import SpecifierSet
from playwright.sync_api import Browser, ElementHandle, Locator, Page, expect

from pleasestop.messages import PleaseStopError
from pleasestop.site import playground
from pleasestop.snippets import compare
from pleasestop.snippets.cache import job
from pleasestop.snippets.capture import Event
from pleasestop.snippets.interpreters import Interpreter
from pleasestop.snippets.model import Snippet
from pleasestop.snippets.output import Stream
from pleasestop.snippets.runner import Run
from snippet_folder import Folder
from support import DOCS, ROOT, SNIPPETS, lacking, read_through, serving, violations

PYTHON = Interpreter(Path("pyodide"), "CPython", playground.PYTHON, "", free_threaded=False, system="linux")
SLOW = 60_000  # milliseconds that a Python may need to load on a busy machine


def runnable() -> dict[str, list[str]]:
    """Return the snippets that can run in a page, by the address of their page."""
    found: dict[str, list[str]] = {}
    for snippet in SNIPPETS.values():
        if not playground.needs(snippet):
            page = snippet.page.removesuffix(".md") + "/"
            found.setdefault("" if page == "index/" else page, []).append(snippet.name)
    return found


RUNNABLE = runnable()


@pytest.fixture(autouse=True)
def _pyodide() -> None:
    """Without Pyodide there is nothing to test; in CI that is a failure."""
    if problem := playground.fetch(ROOT):
        lacking(problem)


@pytest.fixture
def tab(browser: Browser) -> Iterator[Page]:
    """A page of a fresh browser profile."""
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    yield context.new_page()
    context.close()


def figure_of(tab: Page, name: str) -> Locator:
    """Return the first figure of a snippet."""
    return tab.locator(f"figure#{name}")


def button(figure: Locator, name: str) -> Locator:
    """Return one of the buttons at a program."""
    return figure.locator(f'.ps-run button:text-is("{name}")')


def printed(figure: Locator) -> list[tuple[str, str]]:
    """Return what a figure shows as printed in the browser: kind and text of each piece."""
    parts = figure.locator(".ps-live samp > *").evaluate_all("all => all.map(one => [one.className, one.textContent])")
    return [(kind.removeprefix("ps-"), text) for kind, text in parts]


def run_of(figure: Locator) -> Run:
    """Return what a figure shows as a run, to be compared as every other."""
    kinds: dict[str, Stream] = {"stdout": "stdout", "stderr": "stderr"}
    parts = printed(figure)
    events = tuple(Event(0, kinds[kind], text) for kind, text in parts if kind in kinds)
    remarks = [text for kind, text in parts if kind == "end"]
    status = next((int(match[1]) for text in remarks if (match := re.search(r"exit status (-?\d+)", text))), 0)
    stopped = any("still running" in text or "nothing can wake it" in text for text in remarks)
    return Run(PYTHON, events, None if stopped else status, 0)


def wait_until(figure: Locator, holds: str, before: ElementHandle | None = None) -> None:
    """Wait until something holds of `bar`, the buttons at a program, and of `before`; looks at each drawing."""
    arg = {"bar": figure.locator(".ps-run").element_handle(), "before": before}
    figure.page.wait_for_function(f"({{ bar, before }}) => {holds}", arg=arg, timeout=SLOW)


def press_run(figure: Locator) -> None:
    """Run a program and wait until it has begun: its output stands above the buttons, instead of one of `before`."""
    before = figure.locator(":has(+ .ps-evidence)").element_handle()
    button(figure, "Run").click()
    replaced = "bar.parentElement.previousElementSibling !== before"
    begun = f"{replaced} && !bar.querySelector('output').textContent.startsWith('Loading')"
    wait_until(figure, begun, before)


def wait_until_ended(figure: Locator) -> None:
    """Wait until a program has ended."""
    wait_until(figure, "bar.querySelector('button').textContent === 'Run'")


def wait_until_hung(figure: Locator, snippet: Snippet) -> None:
    """Wait until a program that is meant to hang has printed all that was approved, and is silent after it."""
    deadline = time.monotonic() + SLOW / 1000
    while compare.problems(snippet, replace(run_of(figure), exit=None)) and time.monotonic() < deadline:
        figure.page.wait_for_timeout(20)
    time.sleep(job(snippet, PYTHON).silence or 0)  # one that does not hang ends meanwhile


def run_in_page(figure: Locator, snippet: Snippet) -> Run:
    """Run a snippet in its figure; stop one that is meant to hang."""
    press_run(figure)
    if snippet.expectation.wrong == "hangs":
        wait_until_hung(figure, snippet)
        if button(figure, "Stop").is_visible():
            button(figure, "Stop").click()
    wait_until_ended(figure)
    return run_of(figure)


@pytest.fixture(scope="module")
def everything(site: Path, served: str, browser: Browser) -> Iterator[Page]:
    """One page with the figures of all programs that can run in one, cut out of theirs: one Python runs them all.

    Without colours and tables, because each look at the page goes through all of its elements.
    """
    left_out = re.compile(r"<(script|svg|table)\b.*?</\1>|</?span\b[^>]*>", re.DOTALL)
    figures = []
    for page, names in RUNNABLE.items():
        html = (site / page / "index.html").read_text(encoding="utf-8")
        for name in names:
            figure = re.search(rf'<figure class="[^"]*" id="{name}" .*?</figure>', html, re.DOTALL)
            assert figure is not None, f"{page} shows no figure of {name}"
            figures.append(left_out.sub("", figure[0]).replace("../", ""))
    body = "".join(["<!doctype html>", *figures, '<script defer src="assets/run.js"></script>'])
    context = browser.new_context()
    tab = context.new_page()
    tab.route(f"{served}everything", lambda route: route.fulfill(body=body, content_type="text/html; charset=utf-8"))
    tab.goto(f"{served}everything")
    yield tab
    context.close()


@pytest.mark.parametrize("name", [name for names in RUNNABLE.values() for name in names])
def test_it_prints_in_the_page_what_cpython_prints(everything: Page, name: str) -> None:
    figure = figure_of(everything, name)
    assert figure.locator(".highlight code").text_content() == SNIPPETS[name].program
    found = compare.problems(SNIPPETS[name], run_in_page(figure, SNIPPETS[name]))
    assert found == [], "\n".join(found)


def test_the_comparison_can_fail(everything: Page) -> None:
    name = RUNNABLE["tasks/cancel-a-task/"][1]
    run = run_in_page(figure_of(everything, name), SNIPPETS[name])
    other = Run(run.interpreter, (*run.events, Event(0, "stdout", "more\n")), run.exit, 0)
    assert compare.problems(SNIPPETS[name], run) == []
    assert "+more" in compare.problems(SNIPPETS[name], other)[0]


# --- which programs can run there ---


@pytest.mark.parametrize(
    ("program", "needed"),
    [
        ("import asyncio\nasyncio.run(asyncio.sleep(0))\n", ""),
        ("from concurrent.futures import Future\nFuture().cancel()\n", ""),
        ("from threading import Event\nEvent().wait(0.1)\n", ""),
        ("import threading\nthreading.Thread(target=print).start()\n", "threads"),
        ("from concurrent.futures import ThreadPoolExecutor as Pool\nPool()\n", "threads"),
        ("import asyncio\nasyncio.run(asyncio.to_thread(print))\n", "threads"),
        ("import multiprocessing.pool\n", "processes"),
        ("from asyncio import subprocess\n", "processes"),
        ("print('signal')  # no socket\n", ""),
        ("import signal\nprint(t'new')  # requires-python, a newer one\n", "signals"),
        ("import signal\nimport socket\nimport subprocess\n", "processes, sockets and signals"),
    ],
)
def test_what_a_program_needs_that_a_page_lacks(tmp_path: Path, program: str, needed: str) -> None:
    assert playground.needs(Folder(tmp_path).write(program)) == needed


def test_a_program_declares_a_need_that_its_names_do_not_show(tmp_path: Path) -> None:
    assert playground.needs(Folder(tmp_path).write("print()\n", rules='browser = "a deep stack"')) == "a deep stack"
    with pytest.raises(PleaseStopError, match="`browser`: Expected `str"):
        Folder(tmp_path).write("print()\n", rules="browser = true")


def test_a_program_needs_what_its_recipe_needs() -> None:
    assert playground.needs(SNIPPETS["stoppable_thread_demo"]) == "threads"


def test_a_program_for_other_pythons_only_has_no_buttons(tmp_path: Path) -> None:
    snippet = Folder(tmp_path).write("print()\n")
    assert playground.needs(replace(snippet, requires_python=SpecifierSet(">=3.99"))) == "Python 3.99"
    assert playground.needs(replace(snippet, dependencies=("psutil>=5",))) == "psutil"


def test_where_it_cannot_run_the_figure_says_why(served: str, tab: Page) -> None:
    tab.goto(served + "threads/stop-a-thread/")
    figure = figure_of(tab, "wait_on_an_event")
    assert figure.locator(".ps-run").count() == 0
    expect(figure.get_by_text("Needs threads, which this page does not have")).to_be_visible()
    expect(figure.locator(".ps-evidence")).to_contain_text("run it with python wait_on_an_event.py")
    expect(tab.get_by_text("Needs threads, which")).to_have_count(1)


# --- what the page requests, and when ---


def requests(tab: Page) -> list[str]:
    """Return a list that collects the addresses that a page requests from now on."""
    found: list[str] = []
    tab.context.on("request", lambda request: found.append(request.url))
    return found


PAGE, NAME = "tasks/cancel-a-task/", RUNNABLE["tasks/cancel-a-task/"][0]


def test_python_is_not_requested_before_run(served: str, tab: Page) -> None:
    urls = requests(tab)
    tab.goto(served + PAGE)
    tab.wait_for_load_state("networkidle")
    assert urls
    later = ("run-worker.js", "run_loop.py", "run-editor.js", "run-editor.css", "prism.js")
    assert not [url for url in urls if playground.FOLDER in url or url.endswith(later)]
    run_in_page(figure_of(tab, NAME), SNIPPETS[NAME])
    assert {url.rpartition("/")[2] for url in urls if f"/{playground.FOLDER}/" in url} == set(playground.LOADED)
    assert all(url.startswith(served) for url in urls)


def test_a_page_without_buttons_loads_no_script_of_them(served: str, tab: Page) -> None:
    urls = requests(tab)
    tab.goto(served + "threads/stop-a-thread/")
    tab.wait_for_load_state("networkidle")
    assert not [url for url in urls if url.endswith("/run.js")]


def test_without_scripts_nothing_is_missing(served: str, browser: Browser) -> None:
    context = browser.new_context(java_script_enabled=False)
    tab = context.new_page()
    tab.goto(served + PAGE)
    figure = figure_of(tab, NAME)
    assert figure.locator(".highlight").is_visible()
    assert figure.locator(".ps-printed").is_visible()
    assert not figure.locator(".ps-run").is_visible()
    context.close()


def test_a_page_opened_as_a_file_has_no_buttons(site: Path, tab: Page) -> None:
    tab.goto((site / PAGE / "index.html").as_uri())
    assert figure_of(tab, NAME).locator(".ps-printed").is_visible()
    assert not figure_of(tab, NAME).locator(".ps-run").is_visible()


def test_the_script_is_small() -> None:
    size = len(gzip.compress((playground.STATIC / "run.js").read_bytes(), mtime=0))
    assert size < 2700


def test_it_runs_below_any_path(site: Path, tab: Page) -> None:
    with serving(site.parent) as address:
        tab.goto(f"{address}{site.name}/{PAGE}")
        run = run_in_page(figure_of(tab, NAME), SNIPPETS[NAME])
    assert compare.problems(SNIPPETS[NAME], run) == []


# --- edit, stop, reset ---


@pytest.fixture
def figure(everything: Page) -> Iterator[Locator]:
    """A figure, as it is before anything is pressed."""
    figure = figure_of(everything, NAME)
    yield figure
    if button(figure, "Reset").is_visible():
        button(figure, "Reset").click()


def edit(figure: Locator, program: str) -> Locator:
    """Put another program into a figure; return its editor."""
    if button(figure, "Edit").is_visible():
        button(figure, "Edit").click()
    editor = figure.get_by_role("textbox")
    editor.fill(program)
    return editor


def run_edited(figure: Locator, program: str) -> str:
    """Run a program in a figure to its end; return all that is shown as printed."""
    edit(figure, program)
    press_run(figure)
    wait_until_ended(figure)
    return "".join(text for _, text in printed(figure))


def test_stop_ends_a_program_that_never_looks(figure: Locator) -> None:
    edit(figure, "print('spinning')\ntry:\n    while True:\n        pass\nfinally:\n    print('cleanup')\n")
    press_run(figure)
    expect(figure.locator(".ps-live")).to_contain_text("spinning")
    button(figure, "Stop").click()
    assert printed(figure) == [("stdout", "spinning\n"), ("end", "(still running: stopped from outside)")]
    assert run_edited(figure, "print('next')\n") == "next\n"


@pytest.mark.parametrize(
    "wait",
    [
        "asyncio.run(asyncio.Event().wait())",
        "threading.Event().wait()",
        "lock = threading.Lock(); lock.acquire(timeout=0.1); lock.acquire()",
        "queue.Queue().get()",
    ],
)
def test_a_program_that_nothing_can_wake_says_so(figure: Locator, wait: str) -> None:
    shown = run_edited(figure, f"import asyncio, queue, threading\nprint('waits')\n{wait}\n")
    assert shown == "waits\n(nothing can wake it: a program in a terminal would wait forever)"
    assert figure.locator(".ps-run output").inner_text() == "Nothing can wake it."


def test_a_lock_among_one_thread_behaves_as_a_lock(figure: Locator) -> None:
    program = """
import queue, threading, time
lock = threading.Lock()
with lock:
    started = time.monotonic()
    print(lock.locked(), lock.acquire(False), lock.acquire(timeout=0.2), time.monotonic() - started >= 0.2)
print(lock.locked(), threading.Event().wait(0.01), threading.Semaphore(2).acquire())
for words in ({"blocking": False, "timeout": 1}, {"timeout": -2}):
    try:
        lock.acquire(**words)
    except ValueError:
        print("refused", words)
try:
    lock.release()
except RuntimeError as error:
    print(error)
try:
    queue.Queue().get(timeout=0.01)
except queue.Empty:
    print("empty")
"""
    shown = run_edited(figure, program)
    assert shown == subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout


def test_output_is_bounded(figure: Locator) -> None:
    edit(figure, "while True:\n    print('more')\n")
    press_run(figure)
    expect(figure.locator(".ps-live")).to_contain_text("(more output than is shown here)")
    button(figure, "Stop").click()
    assert printed(figure)[0] == ("stdout", "more\n" * 500)
    assert run_edited(figure, "print('x' * 100_000)\n") == "(more output than is shown here)"


def test_an_error_of_a_stopped_python_does_not_touch_the_next_run(figure: Locator) -> None:
    edit(figure, "while True:\n    pass\n")
    press_run(figure)
    button(figure, "Stop").click()
    figure.page.evaluate("""() => {
        window.workers = [];
        window.Known = Worker;
        window.Worker = class extends Known { constructor(...words) { super(...words); workers.push(this); } };
    }""")
    press_run(figure)
    button(figure, "Stop").click()
    press_run(figure)
    figure.page.evaluate("() => { window.Worker = Known; }")
    assert figure.page.evaluate("workers.length") == 2
    figure.page.evaluate("() => workers[0].dispatchEvent(new ErrorEvent('error'))")
    assert button(figure, "Stop").is_visible()
    button(figure, "Stop").click()
    assert printed(figure) == [("end", "(still running: stopped from outside)")]


def test_a_broken_interpreter_is_replaced(figure: Locator) -> None:
    program = SNIPPETS["cancel_all_includes_yourself"].program
    run_edited(figure, program)
    assert "broke down" in figure.locator(".ps-run output").inner_text()
    assert run_edited(figure, "print('next')\n") == "next\n"


def test_all_that_it_starts_with_is_compiled(figure: Locator) -> None:
    program = """
import sys
read = [module for module in sys.modules.values() if hasattr(getattr(module, "__loader__", ""), "archive")]
print(len(read) > 100, [module.__file__ for module in read if not module.__file__.endswith(".pyc")])
sys.modules["asyncio.timeouts"].Timeout(1).reschedule(2)
"""
    shown = run_edited(figure, program)
    assert shown.startswith("True []\nTraceback")
    assert '    raise RuntimeError("Timeout has not been entered")\n' in shown, "the sources are there, too"


def test_a_program_finds_nothing_of_the_one_before(figure: Locator) -> None:
    first = """
import asyncio, atexit, builtins, decimal, os, pathlib, sys, warnings
left = builtins.left = asyncio.left = 1
asyncio.sleep = None
warnings.simplefilter("error")
decimal.left = 1
open("left.txt", "w").close()
sys.setrecursionlimit(500)
pathlib.Path("left").mkdir()
os.chdir("left")
print("no end", end="")
atexit.register(print, "at exit")
"""
    second = """
import asyncio, builtins, decimal, pathlib, sys, warnings
print([name for name in ("left",) if name in globals()], hasattr(builtins, "left"), hasattr(asyncio, "left"))
print(hasattr(decimal, "left"), [path.name for path in pathlib.Path().iterdir()], sys.getrecursionlimit())
warnings.warn("only shown")
async def main():
    await asyncio.sleep(0)
    print(asyncio.current_task().get_name())
asyncio.run(main())
"""
    assert run_edited(figure, first) == "no endat exit\n"
    shown = run_edited(figure, second)
    assert shown.startswith(f"[] False False\nFalse ['{NAME}.py'] 1000\n")
    assert "UserWarning: only shown" in shown
    assert shown.endswith("Task-1\n")


@pytest.mark.parametrize(
    ("program", "shown"),
    [
        ("import sys\nsys.exit()\n", "(no output)"),
        ("import sys\nsys.exit('why')\n", "why\n(exit status 1)"),
        ("raise SystemExit(3)\n", "(exit status 3)"),
        ("print(input())\n", "EOFError: EOF when reading a line\n(exit status 1)"),
        ("print('no end', end='')\n", "no end"),
        ("print(__name__)\nif 1\n", "SyntaxError: expected ':'\n(exit status 1)"),
        ("import time\ntime.sleep(-1)\n", "ValueError: sleep length must be non-negative\n(exit status 1)"),
        ("import time\ntime.sleep('1')\n", "(exit status 1)"),
    ],
)
def test_the_page_shows_how_a_program_ends(figure: Locator, program: str, shown: str) -> None:
    assert run_edited(figure, program).endswith(shown)


def test_its_python_is_the_one_that_pages_name(figure: Locator) -> None:
    assert run_edited(figure, "import platform\nprint(platform.python_version())\n") == f"{playground.PYTHON}\n"
    assert f"Printed by CPython {playground.PYTHON} in your browser." in figure.inner_text()
    assert f"CPython {playground.PYTHON}" in (DOCS / "about/how-this-site-is-made.md").read_text(encoding="utf-8")


def test_a_traceback_begins_in_the_program(figure: Locator) -> None:
    shown = run_edited(figure, "def fail():\n    raise OSError('disk full')\n\nfail()\n")
    frames = re.findall(r'File "[^"]*/(\w+\.py)", line (\d+)', shown)
    assert frames == [(f"{NAME}.py", "4"), (f"{NAME}.py", "2")]


def test_reset_brings_program_output_and_replay_back(served: str, tab: Page) -> None:
    tab.goto(served + "tasks/cancel-the-current-task/")
    figure = tab.locator("figure:has(.ps-run):has(.ps-replay)").first
    for _ in range(4):
        figure.get_by_role("button", name="One step on").click()
    lit = figure.locator(".ps-lit.ps-active")
    before, place = figure.inner_text(), lit.get_attribute("style")
    run_edited(figure, "print('edited')\n")
    for part in (".ps-replay", ".ps-controls", ".highlight:has(pre)", ".ps-output:not(.ps-live)"):
        assert not figure.locator(part).is_visible()
    tab.set_viewport_size({"width": 1280, "height": 700})  # the replay measures again, what it cannot see
    button(figure, "Reset").click()
    assert figure.inner_text() == before
    assert lit.get_attribute("style") == place
    assert figure.locator(".ps-live").count() == 0
    expect(button(figure, "Run")).to_be_focused()


def test_reset_ends_what_runs(figure: Locator) -> None:
    edit(figure, "while True:\n    pass\n")
    press_run(figure)
    button(figure, "Reset").click()
    wait_until_ended(figure)
    assert not figure.get_by_role("textbox").is_visible()


def test_a_second_program_ends_the_first(figure: Locator, everything: Page) -> None:
    edit(figure, "while True:\n    pass\n")
    press_run(figure)
    name = RUNNABLE[PAGE][1]
    run = run_in_page(figure_of(everything, name), SNIPPETS[name])
    assert compare.problems(SNIPPETS[name], run) == []
    assert printed(figure) == [("end", "(still running: stopped from outside)")]


def test_the_editor_needs_no_mouse(served: str, tab: Page) -> None:
    tab.goto(served + PAGE)
    figure = figure_of(tab, NAME)
    button(figure, "Edit").press("Enter")
    editor = figure.get_by_role("textbox")
    expect(editor).to_be_focused()
    tab.keyboard.press("Control+a")
    tab.keyboard.type("if True:")
    tab.keyboard.press("Enter")
    tab.keyboard.press("Tab")
    tab.keyboard.type("print(1)")
    tab.keyboard.press("Enter")
    tab.keyboard.type("print(2)")
    assert editor.input_value() == "if True:\n    print(1)\n    print(2)"
    tab.keyboard.press("Control+Enter")
    wait_until_ended(figure)
    expect(figure.locator(".ps-live samp")).to_have_text("1\n2\n", timeout=SLOW)
    expect(editor).to_be_focused()
    tab.keyboard.press("Escape")
    tab.keyboard.press("Tab")
    expect(editor).not_to_be_focused()


COLOURS = """figure => ['.ps-program .highlight code', '.ps-editor .highlight'].map((place) => {
    const texts = document.createTreeWalker(figure.querySelector(place), NodeFilter.SHOW_TEXT);
    const letters = [];
    for (let text; (text = texts.nextNode()); ) {
        const colour = getComputedStyle(text.parentElement).color;
        for (const letter of text.data) if (letter.trim()) letters.push(letter + colour);
    }
    return letters;
})"""


def test_the_editor_has_the_colours_of_the_page(served: str, tab: Page) -> None:
    tab.goto(served + PAGE)
    for name in RUNNABLE[PAGE]:
        figure = figure_of(tab, name)
        button(figure, "Edit").click()
        expect(figure.get_by_role("textbox")).to_be_focused()
        page, editor = figure.evaluate(COLOURS)
        assert len(set(page)) > 30, "there are colours"
        differs = [pair for pair in zip(page, editor, strict=True) if pair[0] != pair[1]]
        assert len(differs) <= len(page) / 50, differs


def test_the_colours_follow_what_is_typed_and_scrolled(served: str, tab: Page) -> None:
    tab.goto(served + PAGE)
    figure = figure_of(tab, NAME)
    editor = edit(figure, "class A: ...\n" * 99 + "# <b>&amp;" + " long" * 99)
    colours = figure.locator(".ps-editor .highlight")
    assert colours.text_content() == editor.input_value() + "\n"
    expect(colours.locator(".nc")).to_have_count(99)
    editor.press("Control+End")
    expect(colours).to_have_css("translate", re.compile(r"-\d{4}"))  # pixels
    assert (
        figure.evaluate("""figure => {
        const [colours, area] = figure.querySelector(".ps-editor").children;
        return parseFloat(colours.style.translate) + area.scrollLeft;
    }""")
        == 0
    )
    assert editor.evaluate("area => area.scrollHeight - area.clientHeight") == 0
    width, height = editor.evaluate("area => [area.scrollWidth, area.scrollHeight]")
    assert colours.evaluate("colours => [colours.scrollWidth, colours.scrollHeight]") == [width, height]


def test_an_edit_is_kept_over_a_reload_until_reset(served: str, tab: Page) -> None:
    tab.goto(served + PAGE)
    edit(figure_of(tab, NAME), "print('kept')\n")
    other = figure_of(tab, RUNNABLE[PAGE][1])
    for page in (PAGE, "", PAGE):
        tab.goto(served + page)
    expect(figure_of(tab, NAME).get_by_role("textbox")).to_have_value("print('kept')\n")
    assert tab.evaluate("document.activeElement === document.body"), "nobody pressed Edit"
    assert other.get_by_role("textbox").count() == 0
    button(figure_of(tab, NAME), "Reset").click()
    tab.reload()
    tab.wait_for_load_state("networkidle")
    assert tab.get_by_role("textbox").count() == 0


def test_an_edit_of_another_version_of_the_program_is_not_shown(served: str, tab: Page) -> None:
    tab.goto(served + PAGE)
    edit(figure_of(tab, NAME), "print('of old')\n")
    tab.evaluate("""() => {
        const [key] = Object.keys(sessionStorage).filter((key) => key.startsWith("ps-edit"));
        sessionStorage[key] = sessionStorage[key].replace('"original":"', '"original":"# old\\\\n');
    }""")
    tab.reload()
    tab.wait_for_load_state("networkidle")
    assert not figure_of(tab, NAME).get_by_role("textbox").is_visible()


def test_where_nothing_may_be_kept_the_buttons_work(served: str, tab: Page) -> None:
    tab.add_init_script("Object.defineProperty(window, 'sessionStorage', { get() { throw new Error('forbidden'); } })")
    tab.goto(served + PAGE)
    figure = figure_of(tab, NAME)
    assert run_edited(figure, "print('runs')\n") == "runs\n"
    button(figure, "Reset").click()
    assert not figure.get_by_role("textbox").is_visible()


def test_an_editor_that_does_not_arrive_says_so(served: str, tab: Page) -> None:
    tab.route("**/prism.js", lambda route: route.abort())
    tab.goto(served + PAGE)
    figure = figure_of(tab, NAME)
    button(figure, "Edit").click()
    expect(figure.locator(".ps-run output")).to_contain_text("The editor cannot be loaded.")
    expect(button(figure, "Edit")).to_be_visible()


def test_a_python_that_does_not_start_says_so_and_what_to_do(served: str, tab: Page) -> None:
    tab.route("**/pyodide.mjs", lambda route: route.abort())
    tab.goto(served + PAGE)
    figure = figure_of(tab, NAME)
    button(figure, "Run").click()
    wait_until_ended(figure)
    expect(figure.locator(".ps-run output")).to_contain_text("Python cannot start here: ")
    assert printed(figure)[0][1].startswith("(not run: reload the page, use a current browser, or run")
    tab.unroute("**/pyodide.mjs")
    assert run_edited(figure, "print('now')\n") == "now\n"


@pytest.mark.parametrize("size", [(1280, 800), (360, 740)])
def test_a_flood_of_output_has_a_height_and_shows_its_end(served: str, tab: Page, size: tuple[int, int]) -> None:
    tab.set_viewport_size({"width": size[0], "height": size[1]})
    tab.goto(served + PAGE)
    figure = figure_of(tab, NAME)
    run_edited(figure, "for number in range(300):\n    print(number)\nraise SystemExit(3)\n")
    box = figure.locator(".ps-live .ps-printed")
    assert box.evaluate("box => box.clientHeight") <= size[1] / 2
    box.focus()
    expect(box.get_by_text("(exit status 3)")).to_be_in_viewport()
    tab.keyboard.press("Home")
    expect(box.get_by_text("(exit status 3)")).not_to_be_in_viewport()
    tab.emulate_media(media="print")
    assert box.evaluate("box => box.scrollHeight - box.clientHeight") == 0


@pytest.mark.parametrize(
    "start",
    [
        "threading.Thread(target=print).start()",
        "_thread.start_new_thread(print, ())",
        "concurrent.futures.ThreadPoolExecutor().submit(print)",
        "asyncio.run(asyncio.to_thread(print))",
    ],
)
def test_a_program_that_starts_a_thread_reads_that_a_page_has_none(figure: Locator, start: str) -> None:
    shown = run_edited(figure, f"import _thread, asyncio, concurrent.futures, threading\n{start}\n")
    reason = "can't start new thread: a page has no threads; run the program in a terminal"
    assert shown.endswith(f"RuntimeError: {reason}\n(exit status 1)")


def test_axe_finds_nothing_in_what_ran_runs_and_is_edited(served: str, browser: Browser) -> None:
    palettes: tuple[tuple[Literal["light", "dark"], int], ...] = (("light", 1280), ("dark", 320))
    for scheme, width in palettes:
        context = browser.new_context(color_scheme=scheme, viewport={"width": width, "height": 800})
        tab = context.new_page()
        tab.goto(served + PAGE)
        run_in_page(figure_of(tab, RUNNABLE[PAGE][1]), SNIPPETS[RUNNABLE[PAGE][1]])
        figure = figure_of(tab, NAME)
        edit(figure, "import sys, time\nprint(1, file=sys.stderr)\ntime.sleep(600)\n")
        press_run(figure)
        read_through(tab)
        assert violations(tab) == [], f"{scheme} at {width}"
        for label in ("Stop", "Reset"):
            box = button(figure, label).bounding_box()
            assert box is not None
            assert min(box["width"], box["height"]) >= 24
        overflow = tab.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert overflow == 0
        context.close()


def test_buttons_are_not_printed(served: str, tab: Page) -> None:
    tab.goto(served + PAGE)
    figure = figure_of(tab, NAME)
    tab.emulate_media(media="print")
    assert not figure.locator(".ps-run").is_visible()
    assert figure.locator(".ps-printed").is_visible()


# --- where Pyodide comes from ---


def test_without_npm_there_are_no_buttons_and_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    problem = playground.fetch(tmp_path)
    assert problem.startswith(f"pages get no Run buttons: npm cannot give Pyodide {playground.PYODIDE}")
    assert "\n" not in problem
    assert playground.folder(tmp_path) is None


def test_a_failure_to_compile_shows_the_words_of_node(tmp_path: Path) -> None:
    (tmp_path / "pyodide-lock.json").write_text("{}", encoding="utf-8")
    with pytest.raises(OSError, match=r"(?s)Node.js cannot compile its modules: .*Node.js v"):
        playground._compile(tmp_path)


def test_another_package_than_the_pinned_one_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    npm = tmp_path / "npm"
    npm.write_text("#!/bin/sh\necho other > pyodide.tgz\n", encoding="utf-8")
    npm.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    with pytest.raises(PleaseStopError, match="its SHA-512 differs from the one that is pinned"):
        playground.fetch(tmp_path)
    assert [path.name for path in (tmp_path / ".pleasestop").iterdir()] == []
