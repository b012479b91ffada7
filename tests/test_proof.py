"""The record: what is proved, on which Python, and that nobody wrote it by hand."""

import functools
import json
import os
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from conftest import CATALOG, SNIPPETS
from pleasestop import catalog, proof, pythons, runner
from pleasestop.catalog import Snippet
from pleasestop.errors import PleaseStopError
from pleasestop.proof import want
from pleasestop.runner import Run

Write = Callable[..., Snippet]


@pytest.fixture
def approved(write: Write, tmp_path: Path) -> Callable[..., Snippet]:
    """Write a snippet that prints "a", with an approved output."""

    def put(output: str = "a\n", **more: str) -> Snippet:
        snippet = write("print('a')\n", **more)
        snippet.output_path(None).write_text(f"python| CPython 3.15.0 on Linux\n{output}", encoding="utf-8")
        return catalog.read(snippet.path, tmp_path / "snippets")

    return put


def prove(snippet: Snippet, runs: int = 3) -> proof.Proof:
    (made,) = proof.prove(want([snippet], [pythons.own()]), runs, 3, lambda *_: None)
    return made


def test_a_proof_says_what_was_seen(approved: Callable[..., Snippet]) -> None:
    snippet = approved()
    made = prove(snippet)
    assert (made.outcome, made.runs, made.deviations, made.output) == ("as approved", 3, 0, "try_it.out")
    assert made.version == str(pythons.own().version)
    assert proof.read(snippet).proofs == (made,)
    assert proof.stale([snippet], [pythons.own()]) == []


def test_a_python_without_the_packages_proves_nothing(approved: Callable[..., Snippet], tmp_path: Path) -> None:
    path = approved().path
    path.write_text(
        '"""It holds."""\n# /// script\n# dependencies = ["no-such-package"]\n# ///\nprint("a")\n', encoding="utf-8"
    )
    snippet = catalog.read(path, tmp_path / "snippets")
    assert not pythons.own().admits(snippet)
    assert proof.stale([snippet], [pythons.own()]) == []
    assert want([snippet], [pythons.own()]) == []


def test_an_output_for_older_versions_is_told(approved: Callable[..., Snippet], tmp_path: Path) -> None:
    snippet = approved("b\n")
    snippet.path.with_name("try_it.3.99.out").write_text("python| CPython 3.9.18 on Linux\na\n", encoding="utf-8")
    made = prove(catalog.read(snippet.path, tmp_path / "snippets"))
    assert (made.outcome, made.output) == ("another approved output", "try_it.3.99.out")


def test_a_deviation_is_recorded_and_never_fresh_work(approved: Callable[..., Snippet]) -> None:
    snippet = approved("b\n")
    made = prove(snippet)
    assert (made.outcome, made.deviations) == ("differs", 3)
    assert proof.stale([snippet], [pythons.own()]) != [], "what differs is run again"


def test_what_is_not_for_this_python(write: Write, tmp_path: Path) -> None:
    path = write("print()\n").path
    path.write_text('"""It holds."""\n# /// script\n# requires-python = ">=3.99"\n# ///\n', encoding="utf-8")
    snippet = catalog.read(path, tmp_path / "snippets")
    made = prove(snippet)
    assert (made.outcome, made.runs) == ("not supported", 0)
    assert proof.stale([snippet], [pythons.own()]) == []


def test_a_change_makes_it_stale(approved: Callable[..., Snippet], tmp_path: Path) -> None:
    snippet = approved()
    prove(snippet)
    assert len(proof.fresh(snippet)) == 1
    snippet.path.write_text(snippet.path.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    changed = catalog.read(snippet.path, tmp_path / "snippets")
    assert proof.fresh(changed) == []
    assert len(proof.stale([changed], [pythons.own()])) == 1


def test_a_change_while_it_runs_is_not_proved(approved: Callable[..., Snippet]) -> None:
    snippet = approved()

    def change(*_: object) -> None:
        snippet.path.write_text('"""It holds."""\nprint("b")\n', encoding="utf-8")

    proof.prove(want([snippet], [pythons.own()]), 1, 1, change)
    assert proof.fresh(snippet) == []


def test_a_proof_on_another_python_stays(approved: Callable[..., Snippet]) -> None:
    snippet = approved()
    mine = prove(snippet)
    other = proof.Proof(**{**vars(mine), "version": "3.99.1", "system": "macos"})
    proof.write(snippet, proof.Record((mine, other)))
    again = prove(snippet, runs=5)
    assert sorted(one.version for one in proof.read(snippet).proofs) == sorted([again.version, "3.99.1"])


def test_proofs_of_other_platforms_are_merged(approved: Callable[..., Snippet], tmp_path: Path) -> None:
    snippet = approved()
    mine = prove(snippet)
    root, copy = tmp_path / "snippets", tmp_path / "copy"
    shutil.copytree(root, copy)
    there = catalog.read(copy / "page/try_it.py", copy)
    newer = proof.Proof(**{**vars(mine), "runs": 99, "date": "2099-01-01"})
    other = proof.Proof(**{**vars(mine), "system": "macos"})
    proof.write(there, proof.Record((newer, other)))
    assert proof.merge([snippet], root, copy) == 2
    assert {one.slot: one.runs for one in proof.read(snippet).proofs} == {newer.slot: 99, other.slot: 3}
    assert proof.merge([snippet], root, copy) == 0


def test_a_record_edited_by_hand_is_found_out(approved: Callable[..., Snippet]) -> None:
    snippet = approved()
    prove(snippet)
    path = proof.record_path(snippet)
    path.write_text(path.read_text(encoding="utf-8").replace('"runs": 3', '"runs": 300'), encoding="utf-8")
    with pytest.raises(PleaseStopError, match=r"this record was edited; .* pleasestop prove --only try_it"):
        proof.read(snippet)
    path.write_text("{}", encoding="utf-8")
    with pytest.raises(PleaseStopError, match="this is no record"):
        proof.read(snippet)


def test_an_interrupt_keeps_what_was_complete(
    approved: Callable[..., Snippet], monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = approved(name="first_one"), approved(name="second_one")
    real = runner.run_all

    def interrupted(jobs: list[runner.Job], at_once: int, done: Callable[[int, Run], None]) -> None:
        real(jobs[:3], at_once, done)  # all runs of the first, one of the second
        raise KeyboardInterrupt

    monkeypatch.setattr(runner, "run_all", interrupted)
    with pytest.raises(KeyboardInterrupt):
        proof.prove(want([first, second], [pythons.own()]), 2, 2, lambda *_: None)
    assert [one.runs for one in proof.read(first).proofs] == [2]
    assert not proof.record_path(second).exists()
    assert json.loads(proof.record_path(first).read_text(encoding="utf-8"))["seal"]


@pytest.mark.parametrize(
    ("minors", "told"),
    [
        (["3.8", "3.10", "3.9", "3.12"], "3.8 to 3.10, 3.12"),
        (["3.15"], "3.15"),
        (["3.14t", "3.14", "3.15"], "3.14 to 3.15, 3.14t"),
    ],
)
def test_versions_are_told_as_ranges(minors: list[str], told: str) -> None:
    assert proof.spans(minors) == told


@functools.cache
def known_slots() -> frozenset[object]:
    """The Pythons that any record tells of."""
    return frozenset(one.slot for snippet in CATALOG.values() for one in proof.read(snippet).proofs)


@pytest.mark.parametrize("snippet", CATALOG.values(), ids=CATALOG)
def test_the_record_is_fresh(snippet: Snippet) -> None:
    """For each Python that this machine has, and that the project's records know."""
    remedy = f"mend it with: pleasestop prove --only {snippet.name}"
    here = [python for python in (*pythons.others(), pythons.own()) if proof.slot(python) in known_slots()]
    if os.environ.get("CI"):
        assert here, "the machine of CI has Pythons that the records know"
    stale = [one.python.label for one in proof.stale([snippet], here)]
    assert not stale, f"{snippet.path}: not proved as it is now on {', '.join(stale)}; {remedy}"


def test_no_record_without_its_snippet() -> None:
    orphans = [path for path in SNIPPETS.rglob("*.proof.json") if path.name.partition(".")[0] not in CATALOG]
    assert not orphans, f"delete them: {orphans}"


def test_no_record_names_a_folder_of_the_machine() -> None:
    named = re.compile(r"/(?:root|home|work|Users|site-packages|lib/python3)\b")
    records = [proof.record_path(snippet) for snippet in CATALOG.values()]
    assert [path.name for path in records if named.search(path.read_text(encoding="utf-8"))] == []
