"""Measure what a build costs, as ratios within one run: `python tools/benchmarks/build.py`.

It copies the project to a scratch folder and times `pleasestop build` there: with nothing run,
cold, warm, after one page and one snippet were edited, and with ten times the snippets.
Nothing else should run on the machine. Needs the environment that `dev.py` makes. `--smoke`
does the same once with three snippets, to check that this program works.
"""

import os
import re
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from pleasestop.site import blocks
from pleasestop.snippets import interpreters, parse
from pleasestop.snippets.environments import obstacle, with_packages
from pleasestop.snippets.model import Snippet

ROOT = Path(__file__).resolve().parents[2]
TIMES = 10
EDITED = "thread_has_no_stop"
"""The snippet that is edited, and whose page is."""
SMALL = (EDITED, "task_fails_unseen", "close_returns_the_value")
"""The snippets of `--smoke`: the second prints the name of its file, the third has two approved outputs."""


def build(project: Path) -> tuple[float, float]:
    """Build a project once; return its wall time in seconds and its peak memory in MB."""
    command = [sys.executable, "-m", "pleasestop", "build", "--quiet"]
    started = time.perf_counter()
    with (project / "log.txt").open("w") as log:
        process = subprocess.Popen(command, cwd=project, stdout=log, stderr=subprocess.STDOUT)
        _, status, usage = os.wait4(process.pid, 0)
    assert status == 0, f"the build of {project} failed:\n{(project / 'log.txt').read_text(encoding='utf-8')}"
    process.returncode = 0
    return time.perf_counter() - started, usage.ru_maxrss / 1024


def median(project: Path, rounds: int, edited: str = "") -> float:
    """Return the median wall time of some builds, each after `edited` was changed ("cold": the cache is deleted)."""
    times = []
    for number in range(rounds):
        if edited == "cold":
            shutil.rmtree(project / ".pleasestop/cache", ignore_errors=True)
        elif edited:
            with (project / edited).open("a", encoding="utf-8") as file:
                file.write(f"\n<!-- {number} -->\n" if edited.endswith(".md") else f"# {number}\n")
            if edited.endswith(".py"):
                approve(project, Path(edited))
        times.append(build(project)[0])
    return statistics.median(times)


def approve(project: Path, program: Path) -> None:
    """Bind the approved outputs of a changed program to it."""
    fingerprint = parse.read(project / program, project / "snippets").fingerprint
    for output in (project / program).parent.glob(f"{program.stem}.*out"):
        text = output.read_text(encoding="utf-8")
        output.write_text(
            re.sub(r"^program\| .*", f"program| {fingerprint}", text, flags=re.MULTILINE), encoding="utf-8"
        )


def copy(source: Path, target: Path) -> Path:
    """Copy what a build reads from one project to another, and the runs and the Pyodide that are kept."""
    for folder in ("docs", "snippets", "src", "theme", "records"):
        shutil.copytree(source / folder, target / folder)
    shutil.copy(source / "mkdocs.yml", target)
    for kept in (source / ".pleasestop").glob("[cp]*"):  # cache, pyodide-...
        shutil.copytree(kept, target / ".pleasestop" / kept.name)
    return target


def cut(project: Path, names: tuple[str, ...]) -> Path:
    """Remove kept runs, recipes, all snippets but the named ones, and all pages but a short one for each."""
    snippets = parse.load(project / "snippets")[0]
    files = {path: path.read_bytes() for name in names for path in snippets[name].path.parent.glob(f"{name}.*")}
    shutil.rmtree(project / "snippets")
    for path, content in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    for path in (project / "docs").rglob("*.md"):
        path.unlink()
    shutil.rmtree(project / ".pleasestop/cache", ignore_errors=True)
    pages = {"index.md": "# Home\n"}
    pages |= {snippets[name].page: f"# {name}\n\n/// snippet | {name}\n///\n" for name in names}
    for page, text in pages.items():
        (project / "docs" / page).write_text(text, encoding="utf-8")
    config = project / "mkdocs.yml"
    nav = "".join(f"  - {page}\n" for page in pages)
    text = re.sub(r"^nav:\n(?:[ \n].*\n?)*?(?=^\S)", f"nav:\n{nav}\n", config.read_text("utf-8"), flags=re.MULTILINE)
    config.write_text(text, encoding="utf-8")
    return project


def rewrite(page: Path, change: Callable[[blocks.Block, str], str]) -> None:
    """Replace each block of a page by what `change` returns for it and its text."""
    lines = page.read_text(encoding="utf-8").split("\n")
    for block in reversed(blocks.find(lines)):
        text = "\n".join(lines[block.first : block.last + 1])
        lines[block.first : block.last + 1] = change(block, text).split("\n")
    page.write_text("\n".join(lines), encoding="utf-8")


def run_nothing(project: Path) -> Path:
    """Replace each snippet by a plain fence with its program, so that nothing is run."""
    snippets, _ = parse.load(project / "snippets")
    for page in (project / "docs").rglob("*.md"):
        rewrite(
            page,
            lambda block, text: f"````python\n{snippets[block.name].program}````" if block.kind == "snippet" else text,
        )
    for snippet in snippets.values():
        if not snippet.folder.startswith(("recipes", "reference/what_each")):
            for path in snippet.path.parent.glob(f"{snippet.name}.*"):
                path.unlink()
    return project


def multiply(project: Path, names: set[str], times: int) -> Path:
    """Put copies of the named snippets into the project, and show them above their originals."""
    snippets, _ = parse.load(project / "snippets")
    for name in names:
        snippet = snippets[name]
        for number in range(1, times):
            path = snippet.path.with_name(f"{name}_{number}.py")
            path.write_text(f"{snippet.text}# {number}\n", encoding="utf-8")
            for approved in snippet.approved:
                text = approved.path.read_text(encoding="utf-8").replace(f"{name}.py", path.name)
                approved.path.with_name(approved.path.name.replace(name, path.stem, 1)).write_text(
                    text, encoding="utf-8"
                )
            approve(project, path.relative_to(project))

    def with_copies(block: blocks.Block, text: str) -> str:
        if block.kind != "snippet" or block.name not in names:
            return text
        copies = (f"/// snippet | {block.name}_{number}\nshow: [code, output]\n///\n" for number in range(1, times))
        return "\n".join([*copies, text])

    for page in (project / "docs").rglob("*.md"):
        rewrite(page, with_copies)
    return project


def plainly(snippets: list[Snippet]) -> tuple[float, float]:
    """Run the snippets that this Python admits one after the other, as a person would, with their packages.

    Return the CPU seconds of all and the wall seconds of the longest. A program that is meant
    to hang is killed at its limit.
    """
    own = interpreters.own()
    able = [snippet for snippet in snippets if own.admits(snippet) and not obstacle(snippet, own)]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    longest = 0.0
    for snippet in able:
        started = time.perf_counter()
        quiet = subprocess.DEVNULL
        command = [with_packages(snippet, own).executable, snippet.path]
        process = subprocess.Popen(command, stdin=quiet, stdout=quiet, stderr=quiet, start_new_session=True)
        try:
            process.wait(snippet.expectation.timeout)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, 9)
            process.wait()
        longest = max(longest, time.perf_counter() - started)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, longest


def show(what: str, seconds: float, against: float) -> None:
    """Print one measurement as a ratio to another of the same run."""
    print(f"{seconds:7.2f} s  x{seconds / against:5.2f}  {what}", flush=True)


def main(smoke: bool) -> None:
    """Measure and print."""
    rounds, times = (1, 2) if smoke else (3, TIMES)
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        project = copy(ROOT, folder / "project")
        if smoke:
            cut(project, SMALL)
        snippets = parse.load(project / "snippets")[0]
        names = set(snippets)
        cpu, longest = plainly(list(snippets.values()))
        cores = os.cpu_count() or 1
        print(f"{len(names)} snippets, run plainly: {cpu:.1f} s of CPU; the longest takes {longest:.1f} s")
        without_runs = run_nothing(copy(project, folder / "nothing"))
        many = multiply(copy(project, folder / "many"), names, times)
        nothing = median(without_runs, rounds)
        show("nothing run", nothing, nothing)
        cold = median(project, rounds, "cold")
        floor = nothing + max(cpu / cores, longest)
        show("cold, against nothing run + the larger of CPU / cores and the longest", cold, floor)
        warm = median(project, rounds)
        show("warm, against nothing run", warm, nothing)
        edited = snippets[EDITED]
        show("one page edited, against nothing run", median(project, rounds, f"docs/{edited.page}"), nothing)
        program = edited.path.relative_to(project).as_posix()
        show("one snippet edited, against nothing run", median(project, rounds, program), nothing)
        shutil.rmtree(many / ".pleasestop/cache", ignore_errors=True)
        show(f"cold with {times} times the snippets, against cold", build(many)[0], cold)
        seconds, memory = build(many)
        show(f"warm with {times} times the snippets, against warm", seconds, warm)
        print(f"peak memory: {memory:.0f} MB")


if __name__ == "__main__":
    main("--smoke" in sys.argv[1:])
