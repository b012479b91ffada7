"""What is run again, what is taken from the cache, and what is never kept."""

import json
import os
import re
import time
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from pleasestop.snippets import check, compare, interpreters, runner
from pleasestop.snippets.cache import DAYS_KEPT, RunCache, run_key
from pleasestop.snippets.check import Result
from pleasestop.snippets.model import Snippet
from pleasestop.snippets.runner import Job, Run
from snippet_folder import Folder


def once(snippet: Snippet, cache: RunCache) -> Result:
    (result,) = check.check([(snippet, interpreters.own())], cache)
    return result


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    """A folder for runs."""
    return tmp_path / "cache"


def test_a_second_check_runs_nothing(folder: Folder, kept: Path) -> None:
    snippet = folder.approve(folder.write("print('a')\n"), "a\n")
    first, second = once(snippet, RunCache(kept)), once(snippet, RunCache(kept))
    assert (first.ok, first.cached) == (True, False)
    assert (second.ok, second.cached) == (True, True)
    assert first.run is not None
    assert second.run is not None
    assert compare.observe(second.run) == compare.observe(first.run)


@pytest.mark.parametrize("body", ["print('a')\n1 / 0\n", "print('b')\n"])
def test_a_run_with_a_problem_is_kept_in_memory_only(folder: Folder, kept: Path, body: str) -> None:
    snippet = folder.approve(folder.write(body), "a\n")
    cache = RunCache(kept)
    assert [once(snippet, cache).cached, once(snippet, cache).cached] == [False, True]
    assert not list(kept.glob("*.json"))
    assert not once(snippet, RunCache(kept)).cached


def test_a_run_is_judged_anew_each_time(folder: Folder, kept: Path) -> None:
    snippet = folder.approve(folder.write("print('a')\n"), "a\n")
    assert once(snippet, RunCache(kept)).ok
    result = once(folder.approve(snippet, "b\n"), RunCache(kept))
    assert (result.ok, result.cached) == (False, True)


def test_what_decides_a_result_makes_it_stale(folder: Folder) -> None:
    folder.write("VALUE = 1\n", name="a_helper")
    snippet = folder.write("import a_helper\nprint('a')\n")
    own = interpreters.own()
    keys = {run_key(snippet, own)}
    assert run_key(folder.read(), own) in keys
    folder.write("VALUE = 2\n", name="a_helper")
    keys.add(run_key(folder.read(), own))
    snippet.path.write_text(snippet.path.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    keys.add(run_key(folder.read(), own))
    keys.add(run_key(folder.read(), type(own)(**{**vars(own), "build": "another"})))
    assert len(keys) == 4


def test_a_change_of_any_file_that_makes_a_run_changes_its_key(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    """The runner, what it imports, and the bootstrap; not `interpreters`, of which the key has the build."""
    source = Path(runner.__file__).read_text(encoding="utf-8")
    imported = set(re.findall(r"^from pleasestop\.snippets\.(\w+) import", source, re.MULTILINE)) - {"interpreters"}
    assert imported
    folder.write("print()\n")
    snippet, own = folder.read(), interpreters.own()
    before = run_key(snippet, own)
    whole = Path.read_bytes
    bootstrap = [path.name for path in runner.BOOTSTRAP.glob("*.py")]
    for name in ["runner.py", *(f"{module}.py" for module in imported), *bootstrap]:

        def changed(path: Path, name: str = name) -> bytes:
            return whole(path) + (b"#" if path.name == name else b"")

        monkeypatch.setattr(Path, "read_bytes", changed)
        assert run_key(snippet, own) != before, name


def test_a_damaged_cache_is_run_again(folder: Folder, kept: Path) -> None:
    snippet = folder.approve(folder.write("print('a')\n"), "a\n")
    once(snippet, RunCache(kept))
    (file,) = kept.iterdir()
    whole = file.read_text(encoding="utf-8")
    for damaged in (whole[: len(whole) // 2], "[]", json.dumps({"events": [{}]})):
        file.write_text(damaged, encoding="utf-8")
        result = once(snippet, RunCache(kept))
        assert (result.ok, result.cached) == (True, False)
    assert [path.name for path in kept.iterdir()] == [file.name], "nothing half-written stays"


def test_an_interruption_while_writing_leaves_no_half_result(
    folder: Folder, kept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    snippet = folder.approve(folder.write("print('a')\n"), "a\n")

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", interrupt)
        with pytest.raises((KeyboardInterrupt, BaseExceptionGroup)):
            once(snippet, RunCache(kept))
    assert list(kept.iterdir()) == []
    assert once(snippet, RunCache(kept)).ok


def test_runs_that_no_build_used_for_a_month_are_deleted(folder: Folder, kept: Path) -> None:
    for name in ("old", "new"):
        once(folder.approve(folder.write(f"print('{name}')\n", name=name), f"{name}\n"), RunCache(kept))
    old = kept / f"{run_key(folder.read('old'), interpreters.own())}.json"
    month = time.time() - (DAYS_KEPT + 1) * 24 * 3600
    os.utime(old, (month, month))
    RunCache(kept).prune()
    assert len(list(kept.iterdir())) == 1
    assert not old.exists()
    RunCache(None).prune()


def test_a_snippet_that_nothing_here_runs_is_shown_from_its_approved_output(folder: Folder) -> None:
    snippet = folder.approve(folder.write("print('a')\n"), "a\n")
    (shown,) = check.check([(snippet, None)], RunCache(None))
    assert (shown.ok, shown.run) == (True, None)
    (missing,) = check.check([(folder.write("print()\n", name="another"), None)], RunCache(None))
    assert "no Python was found that runs it" in missing.problems[0]
    (stale,) = check.check([(folder.approve(snippet, "a\n", fingerprint="0" * 12), None)], RunCache(None))
    assert "the program as it is now has no approved output" in stale.problems[0]


def test_only_what_changed_is_run(folder: Folder, kept: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    snippets = [folder.approve(folder.write(f"print({n})\n", name=f"number_{n}"), f"{n}\n") for n in range(3)]
    ran: list[str] = []
    real = runner.run_all

    def counting(jobs: Iterable[Job], at_once: int, done: Callable[[int, Run], None]) -> None:
        jobs = list(jobs)
        ran.extend(job.program.stem for job in jobs)
        real(jobs, at_once, done)

    monkeypatch.setattr(runner, "run_all", counting)
    own = interpreters.own()
    check.check([(snippet, own) for snippet in snippets], RunCache(kept))
    snippets[1].path.write_text('"""It still holds."""\nprint(1)\n', encoding="utf-8")
    os.utime(snippets[0].path)  # touched is not changed
    check.check([(snippet, own) for snippet in snippets], RunCache(kept))
    assert ran == ["number_0", "number_1", "number_2", "number_1"]


def test_results_are_counted(folder: Folder) -> None:
    good = folder.approve(folder.write("print('a')\n"), "a\n")
    right = folder.write("print()\n", rules='wrong = "fails"\nexit = 1', name="went_right")
    results = check.check([(good, interpreters.own()), (right, interpreters.own())], RunCache(None))
    text = check.summary(results)
    assert text.startswith("2 run, 0 cached, 0 not runnable here, 1 failed, 1 expected failures that did not happen")
    assert "slowest: " in text
    assert check.report(results[1]).startswith(f"{right.path} on {interpreters.own().label}:\n  went right")
