"""What is proved, on which Python, and when it counts."""

import json
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path

import jsonschema
import pytest

from pleasestop.messages import PleaseStopError
from pleasestop.snippets import environments, interpreters, matrix, records, runner
from pleasestop.snippets.model import Snippet
from pleasestop.snippets.records import Proof, Records
from pleasestop.snippets.runner import Job, Run
from snippet_folder import Folder

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def kept(tmp_path: Path) -> Records:
    """The records of an empty folder."""
    return Records(tmp_path / "records")


def prove(kept: Records, *snippets: Snippet, runs: int = 3) -> list[Proof]:
    wanted = matrix.want(snippets, [interpreters.own()])
    known = [snippet.name for snippet in snippets]
    return matrix.prove(wanted, kept, known, runs=runs, at_once=3, ended=lambda *_: None)


def stale(kept: Records, snippet: Snippet) -> int:
    return len(matrix.stale([snippet], [interpreters.own()], kept))


def test_a_proof_says_what_was_seen(folder: Folder, kept: Records) -> None:
    snippet = folder.approve(folder.write("print('a')\n"), "a\n")
    assert stale(kept, snippet) == 1
    (made,) = prove(kept, snippet)
    assert (made.outcome, made.runs, made.deviations) == ("as approved", 3, 0)
    assert made.version == str(interpreters.own().version)
    (proved,) = Records(kept.folder).fresh(snippet)
    assert proved.proof == made
    assert proved.label == f"{interpreters.own().implementation} {interpreters.own().version}"
    assert stale(kept, snippet) == 0


def test_one_file_for_each_interpreter_and_system(folder: Folder, kept: Records) -> None:
    snippet = folder.approve(folder.write("print('a')\n"), "a\n")
    own = interpreters.own()
    prove(kept, snippet)
    file = f"{own.implementation.lower()}-{own.minor}-{own.system}.json"
    assert [path.name for path in kept.folder.iterdir()] == [file]
    mac = type(own)(**{**vars(own), "system": "macos", "free_threaded": True})
    kept.add(mac, {"try_it": Records(kept.folder).fresh(snippet)[0].proof}, ["try_it"])
    assert len(list(kept.folder.iterdir())) == 2
    systems = {one.system_name: one.label for one in Records(kept.folder).fresh(snippet)}
    assert systems["macOS"].endswith("free-threaded")


def test_an_addition_keeps_what_another_process_wrote_and_drops_what_is_gone(folder: Folder, kept: Records) -> None:
    first = folder.approve(folder.write("print('a')\n", name="first"), "a\n")
    second = folder.approve(folder.write("print('a')\n", name="second"), "a\n")
    other = Records(kept.folder)
    assert other.by_name == {}
    prove(kept, first)
    own = interpreters.own()
    proof = Records(kept.folder).fresh(first)[0].proof
    other.add(own, {"second": proof, "gone": proof}, ["first", "second"])
    assert set(Records(kept.folder).of(own).proofs) == {"first", "second"}
    assert Records(kept.folder).fresh(second) != [], "both print the same"


def test_an_output_of_an_older_program_proves_nothing(folder: Folder, kept: Records) -> None:
    snippet = folder.approve(folder.write("print('a')\n"), "a\n", fingerprint="0" * 12)
    assert stale(kept, snippet) == 0
    assert prove(kept, snippet) == []
    assert stale(kept, folder.write("print('a')\n", name="without_output")) == 0


def test_an_output_for_older_versions_is_said(folder: Folder, kept: Records) -> None:
    snippet = folder.approve(folder.write("print('a')\n"), "b\n")
    (made,) = prove(kept, folder.approve(snippet, "a\n", "3.99"))
    assert made.outcome == "another approved output"


def test_a_deviation_is_recorded_and_run_again(folder: Folder, kept: Records) -> None:
    snippet = folder.approve(folder.write("print('a')\n"), "b\n")
    (made,) = prove(kept, snippet)
    assert (made.outcome, made.deviations) == ("differs", 3)
    assert [one.proof.outcome for one in Records(kept.folder).fresh(snippet)] == ["differs"]
    assert stale(kept, snippet) == 1


def test_pypy_deviates_only_from_its_own_output(folder: Folder, kept: Records) -> None:
    """Where it does something else than CPython, that is recorded, and is not a fault."""
    pypy = replace(interpreters.own(), implementation="PyPy")
    problems: list[str] = []

    def outcomes(snippet: Snippet) -> list[str]:
        wanted = matrix.want([snippet], [pypy])
        made = matrix.prove(wanted, kept, ["try_it"], runs=2, at_once=2, ended=lambda *seen: problems.extend(seen[2]))
        return [one.outcome for one in made]

    snippet = folder.approve(folder.write("print('a')\n"), "b\n")
    assert outcomes(snippet) == ["does something else"]
    assert problems == []
    assert [one.proof.holds for one in Records(kept.folder).fresh(snippet)] == [False]
    assert outcomes(folder.approve(snippet, "a\n", "pypy")) == ["another approved output"]
    assert outcomes(folder.approve(snippet, "c\n", "pypy")) == ["differs"]
    assert len(problems) == 2


@pytest.mark.slow
def test_a_program_with_asyncio_also_runs_under_uvloop(folder: Folder, kept: Records) -> None:
    lock = ROOT / "snippets/requirements.lock"
    body = "import asyncio\nasync def main():\n    print(asyncio.get_running_loop().__module__)\nasyncio.run(main())\n"
    own = interpreters.own()
    other = environments.with_uvloop(lock, own)
    assert other is not None
    for text, outcome in (("uvloop\n", "as approved"), ("asyncio.unix_events\n", "does something else")):
        snippet = folder.approve(folder.write(body), text)
        wanted = matrix.want([snippet], [other])
        (proof,) = matrix.prove(wanted, kept, ["try_it"], runs=1, at_once=1, ended=lambda *_: None)
        assert proof.outcome == outcome
    (file,) = kept.folder.iterdir()
    assert file.name == f"cpython-{own.minor}-{own.system}-uvloop.json"
    assert Records(kept.folder).fresh(snippet)[0].label == f"CPython {own.version} with uvloop"
    assert matrix.want([folder.approve(folder.write("print('no loop')\n"), "no loop\n")], [other]) == []


def test_a_snippet_that_is_not_for_this_python(folder: Folder, kept: Records) -> None:
    path = folder.write("print()\n").path
    path.write_text('"""It holds."""\n# /// script\n# requires-python = ">=3.99"\n# ///\n', encoding="utf-8")
    (made,) = prove(kept, folder.read())
    assert (made.outcome, made.runs) == ("not supported", 0)
    assert stale(kept, folder.read()) == 0


def test_a_changed_program_is_not_proved_and_a_changed_docstring_is(folder: Folder, kept: Records) -> None:
    snippet = folder.approve(folder.write("print('a')\n"), "a\n")
    prove(kept, snippet)
    text = snippet.path.read_text(encoding="utf-8")
    snippet.path.write_text(text.replace("It holds.", "It still holds."), encoding="utf-8")
    assert len(kept.fresh(folder.read())) == 1
    snippet.path.write_text(text + "print('b')\n", encoding="utf-8")
    assert kept.fresh(folder.read()) == []
    rules = text.replace('"""\n', '"""\n# /// script\n# [tool.pleasestop]\n# exit = 1\n# ///\n', 1)
    snippet.path.write_text(rules, encoding="utf-8")
    assert kept.fresh(folder.read()) == []
    assert stale(kept, folder.read()) == 1


def test_a_change_during_the_runs_is_not_proved(folder: Folder, kept: Records) -> None:
    snippet = folder.approve(folder.write("print('a')\n"), "a\n")

    def change(*_: object) -> None:
        snippet.path.write_text('"""It holds."""\nprint("b")\n', encoding="utf-8")

    wanted = matrix.want([snippet], [interpreters.own()])
    matrix.prove(wanted, kept, ["try_it"], runs=1, at_once=1, ended=change)
    assert kept.fresh(folder.read()) == []


def test_an_interruption_keeps_what_was_complete(
    folder: Folder, kept: Records, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = (folder.approve(folder.write("print('a')\n", name=name), "a\n") for name in ("first", "second"))
    real = runner.run_all

    def interrupted(jobs: Iterable[Job], at_once: int, done: Callable[[int, Run], None]) -> None:
        real(list(jobs)[:3], at_once, done)  # all runs of the first, one of the second
        raise KeyboardInterrupt

    monkeypatch.setattr(runner, "run_all", interrupted)
    with pytest.raises(KeyboardInterrupt):
        prove(kept, first, second, runs=2)
    assert set(Records(kept.folder).of(interpreters.own()).proofs) == {"first"}


@pytest.mark.parametrize("text", ["", "{}", '{"format": 2}', "not json", '{"format": 1, "proofs": 3}'])
def test_a_file_that_is_not_a_record_is_named(folder: Folder, kept: Records, text: str) -> None:
    kept.folder.mkdir()
    (kept.folder / "cpython-3.13-linux.json").write_text(text, encoding="utf-8")
    with pytest.raises(
        PleaseStopError, match=r"cpython-3\.13-linux\.json: this is not a record .* python dev\.py prove"
    ):
        kept.fresh(folder.write("print()\n"))


def test_a_record_under_another_name_is_refused(folder: Folder, kept: Records) -> None:
    snippet = folder.approve(folder.write("print('a')\n"), "a\n")
    prove(kept, snippet)
    (file,) = kept.folder.iterdir()
    file.rename(file.with_name("cpython-3.99-linux.json"))
    with pytest.raises(PleaseStopError, match="says that it is"):
        Records(kept.folder).fresh(snippet)


def test_the_projects_records_are_valid_by_the_schema() -> None:
    schema = json.loads(records.schema())
    files = list((ROOT / "records").glob("*.json"))
    assert len(files) >= 8
    for file in files:
        jsonschema.validate(json.loads(file.read_text(encoding="utf-8")), schema)
