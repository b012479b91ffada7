"""What a build costs, as ratios measured in one run: `python benchmarks/build.py`.

It copies the project's pages and snippets to a scratch folder and times `mkdocs build`
there: with nothing run, cold, warm, after one page and one snippet were edited, with ten
times the snippets, and the same programs by markdown-exec. Nothing else should run on the
machine meanwhile. Needs the environment that `dev.py` makes.
"""

import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from pleasestop import catalog, pythons
from pleasestop.catalog import Snippet

ROOT = Path(__file__).resolve().parent.parent
REPEATS = 3
TIMES = 10


def build(project: Path) -> tuple[float, float]:
    """Build `project` once; return its wall time in seconds and its peak memory in MB."""
    command = [sys.executable, "-m", "mkdocs", "build", "--quiet"]
    environment = {**os.environ, "NO_MKDOCS_2_WARNING": "1"}
    started = time.perf_counter()
    process = subprocess.Popen(command, cwd=project, env=environment)
    _, status, usage = os.wait4(process.pid, 0)
    assert status == 0, f"the build of {project} failed"
    process.returncode = 0
    return time.perf_counter() - started, usage.ru_maxrss / 1024


def median(project: Path, prepare: str = "") -> float:
    """Return the median wall time of some builds, each after `prepare` was done to the project."""
    times = []
    for number in range(REPEATS):
        if prepare == "cold":
            shutil.rmtree(project / ".pleasestop", ignore_errors=True)
        elif prepare:
            with (project / prepare).open("a", encoding="utf-8") as file:
                file.write(f"\n<!-- {number} -->\n" if prepare.endswith(".md") else f"# {number}\n")
        times.append(build(project)[0])
    return statistics.median(times)


def copy(target: Path) -> Path:
    """Copy what a build reads."""
    for folder in ("docs", "snippets", "src"):
        shutil.copytree(ROOT / folder, target / folder)
    shutil.copy(ROOT / "mkdocs.yml", target)
    return target


def run_nothing(project: Path) -> Path:
    """Replace each embedding by a plain fence with the program, so that nothing is run."""
    return replace(project, "python")


def by_markdown_exec(project: Path) -> Path:
    """Replace each embedding by markdown-exec's own way: the program is run as each page is rendered.

    It runs programs inside the builder, which many of ours would end or block; so each is
    handed to a fresh interpreter from within, as careful users of it do.
    """
    return replace(project, "exec")


def replace(project: Path, how: str) -> Path:
    """Rewrite the pages of `project`; `how` is "python" or "exec"."""
    snippets = catalog.load(project / "snippets")
    for page in (project / "docs").rglob("*.md"):
        out, name = [], None
        for line in page.read_text(encoding="utf-8").splitlines():
            if line.startswith("/// snippet | "):
                name = line.removeprefix("/// snippet | ").strip()
            elif line == "///" and name is not None:
                out += fence(snippets[name], how)
                name = None
            elif name is None:
                out.append(line)
        page.write_text("\n".join(out) + "\n", encoding="utf-8")
    return project


def fence(snippet: Snippet, how: str) -> list[str]:
    """Show one program by a plain fence, or by one that runs it."""
    shown = ["````python", *snippet.program.splitlines(), "````", ""]
    if how == "python":
        return shown
    # In a session of its own: one program interrupts its whole process group, and the builder with it.
    program = [
        "import subprocess, sys",
        f"command = [sys.executable, {str(snippet.path)!r}]",
        "try:",
        "    print(subprocess.run(command, capture_output=True, timeout=1, start_new_session=True).stdout.decode())",
        "except subprocess.TimeoutExpired:",
        "    print('stopped')",
    ]
    return [*shown, '```python exec="on" result="text"', *program, "```", ""]


def multiply(project: Path) -> Path:
    """Put ten of every snippet into the project and show all on its pages."""
    snippets = catalog.load(project / "snippets")
    for snippet in snippets.values():
        for number in range(1, TIMES):
            twin = snippet.path.with_name(f"{snippet.name}_{number}.py")
            twin.write_text(f"{snippet.path.read_text(encoding='utf-8')}# {number}\n", encoding="utf-8")
            for approved in snippet.approved.values():
                shutil.copy(approved, approved.with_name(approved.name.replace(".", f"_{number}.", 1)))
    for page in (project / "docs").rglob("*.md"):
        text = page.read_text(encoding="utf-8")
        for name in snippets:
            old = f"/// snippet | {name}\n"
            copies = "".join(f"/// snippet | {name}_{number}\n///\n\n" for number in range(1, TIMES))
            text = text.replace(old, copies + old)
        page.write_text(text, encoding="utf-8")
    return project


def plainly(snippets: list[Snippet]) -> tuple[float, float]:
    """Run the snippets that this Python admits, one after the other, as a person would.

    Returns the CPU seconds of all and the wall seconds of the longest. One that is meant to
    hang is stopped at its limit.
    """
    own = pythons.own()
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    longest = 0.0
    for snippet in snippets:
        if not own.admits(snippet):
            continue
        started = time.perf_counter()
        process = subprocess.Popen(
            [sys.executable, snippet.path],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        try:
            process.wait(snippet.rules.timeout)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, 9)
            process.wait()
        longest = max(longest, time.perf_counter() - started)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, longest


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        snippets = list(catalog.load(ROOT / "snippets").values())
        first = snippets[0]
        cpu, longest = plainly(snippets)
        cores = os.cpu_count() or 1
        print(f"{len(snippets)} snippets, run plainly: {cpu:.1f} s of CPU; the longest takes {longest:.1f} s")

        nothing = median(run_nothing(copy(folder / "nothing")))
        project = copy(folder / "project")
        cold = median(project, "cold")
        warm = median(project)
        page = median(project, "docs/threads/stop-a-thread.md")
        one = median(project, str(first.path.relative_to(ROOT)))
        wanted = nothing + max(cpu / cores, longest)
        tell("nothing run", nothing, nothing)
        tell("cold, against nothing run + the larger of CPU / cores and the longest", cold, wanted)
        tell("warm", warm, nothing)
        tell("one page edited", page, nothing)
        tell(f"one snippet edited ({first.name})", one, nothing)
        print(f"peak memory: {build(project)[1]:.0f} MB")

        many = multiply(copy(folder / "many"))
        seconds, memory = build(many)
        tell(f"cold with {TIMES} times the snippets, against cold", seconds, cold)
        tell(f"warm with {TIMES} times the snippets, against warm", build(many)[0], warm)
        print(f"peak memory: {memory:.0f} MB")
        tell("the same programs by markdown-exec", build(by_markdown_exec(copy(folder / "exec")))[0], nothing)


def tell(what: str, seconds: float, against: float) -> None:
    """Print one measurement as a ratio to another of the same run."""
    print(f"{seconds:7.2f} s  x{seconds / against:5.2f}  {what}", flush=True)


if __name__ == "__main__":
    main()
