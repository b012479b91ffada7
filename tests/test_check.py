"""What is run again, and what is taken from the cache."""

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from pleasestop import catalog, check, contract, pythons, runner
from pleasestop.catalog import Snippet
from pleasestop.check import Checked
from pleasestop.runner import Run

Write = Callable[..., Snippet]


@pytest.fixture
def approved(write: Write, tmp_path: Path) -> Callable[..., Snippet]:
    """Write a snippet with its approved output."""

    def put(body: str, output: str, **more: str) -> Snippet:
        snippet = write(body, **more)
        snippet.output_path(None).write_text(f"python| CPython\n{output}", encoding="utf-8")
        return catalog.read(snippet.path, tmp_path / "snippets")

    return put


def once(snippet: Snippet, cache: Path) -> Checked:
    (result,) = check.check([(snippet, pythons.own())], cache=cache)
    return result


def test_a_second_check_runs_nothing(approved: Callable[..., Snippet], tmp_path: Path) -> None:
    snippet = approved("print('a')\n", "a\n")
    first, second = once(snippet, tmp_path / "cache"), once(snippet, tmp_path / "cache")
    assert (first.ok, first.cached) == (True, False)
    assert (second.ok, second.cached) == (True, True)
    assert first.run is not None
    assert second.run is not None
    assert contract.observed(second.run) == contract.observed(first.run)


def test_a_failure_is_never_kept(approved: Callable[..., Snippet], tmp_path: Path) -> None:
    snippet = approved("print('a')\n", "b\n")
    assert not once(snippet, tmp_path / "cache").ok
    assert not (tmp_path / "cache").exists()


def test_what_decides_a_result_makes_it_stale(approved: Callable[..., Snippet], write: Write) -> None:
    helper = write("VALUE = 1\n", name="a_helper")
    snippet = approved("import a_helper\nprint('a')\n", "a\n")
    python = pythons.own()
    before = check.key(snippet, python)
    assert before == check.key(snippet, python)

    helper.path.write_text('"""It holds."""\nVALUE = 2\n', encoding="utf-8")
    after_helper = check.key(snippet, python)
    snippet.path.write_text(snippet.path.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    after_snippet = check.key(snippet, python)
    other_build = check.key(snippet, type(python)(**{**vars(python), "build": "another"}))
    assert len({before, after_helper, after_snippet, other_build}) == 4


def test_how_it_is_judged_makes_nothing_stale(approved: Callable[..., Snippet], tmp_path: Path) -> None:
    snippet = approved("print('a')\n", "a\n")
    once(snippet, tmp_path / "cache")
    snippet.output_path(None).write_text("python| CPython\nb\n", encoding="utf-8")
    assert not once(snippet, tmp_path / "cache").ok, "a cached run is judged anew"


def test_a_damaged_cache_is_run_again(approved: Callable[..., Snippet], tmp_path: Path) -> None:
    snippet = approved("print('a')\n", "a\n")
    once(snippet, tmp_path / "cache")
    (kept,) = (tmp_path / "cache").iterdir()
    whole = kept.read_text(encoding="utf-8")
    for damaged in (whole[: len(whole) // 2], "[]", json.dumps({"events": [{}]})):
        kept.write_text(damaged, encoding="utf-8")
        result = once(snippet, tmp_path / "cache")
        assert (result.ok, result.cached) == (True, False)
    assert [path.name for path in (tmp_path / "cache").iterdir()] == [kept.name], "nothing half-written stays"


def test_a_kill_while_writing_leaves_no_half_result(
    approved: Callable[..., Snippet], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    snippet = approved("print('a')\n", "a\n")

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", killed)
        with pytest.raises((KeyboardInterrupt, BaseExceptionGroup)):
            once(snippet, tmp_path / "cache")
    assert not list((tmp_path / "cache").glob("*.json"))
    assert once(snippet, tmp_path / "cache").ok


def test_a_snippet_that_nothing_here_runs_is_shown_from_what_was_approved(
    approved: Callable[..., Snippet], write: Write
) -> None:
    (shown,) = check.check([(approved("print('a')\n", "a\n"), None)])
    assert (shown.ok, shown.run) == (True, None)
    (missing,) = check.check([(write("print()\n", name="another"), None)])
    assert "no Python found here runs it" in missing.problems[0]


def test_only_what_changed_is_run(
    approved: Callable[..., Snippet], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    snippets = [approved(f"print({n})\n", f"{n}\n", name=f"number_{n}") for n in range(3)]
    cache = tmp_path / "cache"
    ran: list[str] = []
    own = pythons.own()
    real = runner.run_all

    def counting(jobs: list[runner.Job], at_once: int, done: Callable[[int, Run], None]) -> None:
        ran.extend(job.program.stem for job in jobs)
        real(jobs, at_once, done)

    monkeypatch.setattr(runner, "run_all", counting)
    check.check([(snippet, own) for snippet in snippets], cache=cache)
    snippets[1].path.write_text('"""It still holds."""\nprint(1)\n', encoding="utf-8")
    os.utime(snippets[0].path)  # touched is not changed
    check.check([(snippet, own) for snippet in snippets], cache=cache)
    assert ran == ["number_0", "number_1", "number_2", "number_1"]
