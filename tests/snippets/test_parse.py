"""The declarations of a snippet, and the messages about mistakes in them."""

from pathlib import Path

import pytest
from packaging.version import Version

from pleasestop.messages import PleaseStopError
from pleasestop.snippets import parse
from snippet_folder import Folder

GOOD = '''"""`join` returns None.

More for a person who reads the file.
"""

# /// script
# requires-python = ">=3.11"
# dependencies = []
#
# [tool.pleasestop]
# timeout = 0.5
# masked = ["0x[0-9a-f]+"]
# ///

import threading

thread = threading.Thread(target=print)
thread.start()
thread.join()
'''


def put(folder: Path, text: str, name: str = "join_returns_none.py") -> Path:
    path = folder / "threads" / "stop" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def test_a_snippet_is_read(tmp_path: Path) -> None:
    put(tmp_path, GOOD)
    snippets, faults = parse.load(tmp_path)
    snippet = snippets["join_returns_none"]
    assert faults == {}
    assert snippet.claim == "`join` returns None."
    assert (snippet.folder, snippet.page) == ("threads/stop", "threads/stop.md")
    assert snippet.expectation.timeout == 0.5
    assert "3.10" not in snippet.requires_python
    assert snippet.text == GOOD
    assert snippet.program == (
        "import threading\n\nthread = threading.Thread(target=print)\nthread.start()\nthread.join()\n"
    )
    shown = snippet.program.split("\n")
    assert {GOOD.split("\n")[line - 1]: shown[at] for line, at in snippet.lines.items() if shown[at]} == {
        line: line for line in shown if line
    }


def test_an_output_is_for_a_version_and_all_older_ones(folder: Folder) -> None:
    snippet = folder.write("print()\n")
    for up_to in ("", "3.12", "3.9"):
        snippet = folder.approve(snippet, f"{up_to}\n", up_to)
    expected = {"3.8.1": "3.9", "3.9.18": "3.9", "3.10.0": "3.12", "3.12.9": "3.12", "3.13.0": ""}
    found = {version: snippet.approved_for(Version(version)) for version in expected}
    assert {version: one.output.lines[0].text for version, one in found.items() if one} == expected
    names = ["3.13 and newer", "3.10 to 3.12", "3.9 and older"]
    assert [snippet.versions(approved) for approved in snippet.approved] == names


def test_pypy_has_an_output_of_its_own_or_is_compared_with_cpython(folder: Folder) -> None:
    snippet = folder.approve(folder.approve(folder.write("print()\n"), "new\n"), "old\n", "3.9")

    def expected(version: str) -> str:
        approved = snippet.approved_for(Version(version), "PyPy")
        return approved.output.lines[0].text if approved else ""

    assert [expected("3.9.16"), expected("3.11.13")] == ["old", "new"]
    snippet = folder.approve(snippet, "of PyPy\n", "pypy")
    assert [expected("3.9.16"), expected("3.11.13")] == ["of PyPy", "of PyPy"]
    assert [snippet.versions(approved) for approved in snippet.approved] == ["3.10 and newer", "3.9 and older", "PyPy"]


def test_a_program_for_a_newer_python_is_read(tmp_path: Path) -> None:
    put(tmp_path, '"""It holds."""\n# /// script\n# requires-python = ">=3.99"\n# ///\nnot python at all\n')
    assert parse.load(tmp_path)[0]["join_returns_none"].program == "not python at all\n"


def test_a_prerelease_counts_as_its_release(tmp_path: Path) -> None:
    put(tmp_path, '"""It holds."""\n# /// script\n# requires-python = ">=3.15"\n# ///\nprint()\n')
    snippet = parse.load(tmp_path)[0]["join_returns_none"]
    assert [snippet.supports(Version(one), "linux") for one in ("3.15.0rc1", "3.15.0", "3.14.9")] == [True, True, False]


def test_a_form_feed_moves_no_line(folder: Folder) -> None:
    snippet = folder.write("print(1)\n\x0c\nprint(2)\n")
    assert snippet.program == "print(1)\n\x0c\nprint(2)\n"
    assert snippet.text.split("\n")[[*snippet.lines][-2] - 1] == "print(2)"


def test_a_fingerprint_is_of_what_is_executed(folder: Folder) -> None:
    helper = folder.write("VALUE = 1\n", name="a_helper")
    snippet = folder.write("import a_helper\nprint(a_helper.VALUE)\n")
    assert snippet.modules == (helper.path,)
    before = snippet.fingerprint
    text = snippet.path.read_text(encoding="utf-8")

    same = text.replace(
        '"""It holds."""', '"""It holds still.\n\nReally.\n"""\n# /// script\n# requires-python = ">=3.8"\n# ///'
    )
    snippet.path.write_text(same, encoding="utf-8")
    assert folder.read().fingerprint == before
    assert folder.approve(folder.read(), "1\n").fingerprint == before

    changed = {before}
    snippet.path.write_text(text.replace("print(", "print(0, "), encoding="utf-8")
    changed.add(folder.read().fingerprint)
    folder.lock("x==1")
    snippet.path.write_text(
        text.replace('"""\n', '"""\n# /// script\n# dependencies = ["x==1"]\n# ///\n', 1), encoding="utf-8"
    )
    changed.add(folder.read().fingerprint)
    snippet.path.write_text(text, encoding="utf-8")
    folder.write("VALUE = 2\n", name="a_helper")
    changed.add(folder.read().fingerprint)
    assert len(changed) == 4


def block(*lines: str) -> str:
    return '"""It holds."""\n' + "".join(f"# {line}\n" for line in ("/// script", *lines, "///")) + "print()\n"


def rules(*lines: str) -> str:
    return block("[tool.pleasestop]", *lines)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("print()\n", ":1: there is no claim; begin the file with a docstring"),
        ('""""""\n', ":1: there is no claim"),
        ('"""It holds"""\n', ":1: the claim must be one sentence; end the docstring's first line with a full stop"),
        ('"""It holds."""\nif\n', ":2: invalid syntax; fix it, or say in a PEP 723 block"),
        (block('requires-pyton = ">=3.11"'), ":2: unknown key `requires-pyton` in the script block; did you mean"),
        (block('requires-python = "3.11 or so"'), "is not a version specifier; write for example"),
        (block("requires-python = 3"), "is not a version specifier"),
        (block('dependencies = "anyio"'), "`dependencies` is a list of strings"),
        (block('dependencies = ["anyio==4.0"]'), "requirements.lock does not pin anyio; add it to requirements.in"),
        (block("[tool.other]", "x = 1"), ":2: unknown key `other` in [tool]; known are: pleasestop."),
        (block("x = "), ":3: the `# /// script` block is not TOML"),
        (block("dependencies = []") * 2, "more than one `# /// script` block"),
        ('"""It holds."""\n# /// script\n# x = 1\n', ":2: the `# /// script` block does not close"),
        (rules("timeot = 1"), ":3: unknown key `timeot` in [tool.pleasestop]; did you mean `timeout`?"),
        (rules("timeout = 60"), "`timeout`: Expected `float` <= 10.0"),
        (rules("timeout = true"), "`timeout`: Expected `float`, got `bool`"),
        (rules('exit = "1"'), "`exit`: Expected `int`, got `str`"),
        (rules('masked = ["("]'), "`masked` holds a bad regular expression"),
        (rules('masked = "x"'), "`masked`: Expected `array`, got `str`"),
        (rules('wrong = "bad"'), "`wrong`: Invalid enum value 'bad'"),
        (rules('wrong = "misleads"'), "needs `seen`"),
        (rules('wrong = "leaks"'), "needs `leaves`"),
        (rules('wrong = "fails"'), "needs `exit`"),
        (rules('leaves = ["file"]'), "`leaves[0]`: Invalid enum value 'file'"),
        (rules('platforms = ["amiga"]'), "`platforms[0]`: Invalid enum value 'amiga'"),
        (rules('seen = ""'), "`seen`: Expected `str` of length >= 1"),
    ],
)
def test_a_fault_names_file_and_remedy_and_hides_no_other_snippet(tmp_path: Path, text: str, message: str) -> None:
    path = put(tmp_path, text)
    put(tmp_path, GOOD, "another.py")
    snippets, faults = parse.load(tmp_path)
    assert [*snippets] == ["another"]
    assert faults["join_returns_none"].message.startswith(str(path))
    assert message in faults["join_returns_none"].message


def test_bytes_that_are_not_utf8(tmp_path: Path) -> None:
    put(tmp_path, GOOD).write_bytes(b'"""caf\xe9."""\n')
    assert "is not UTF-8; save it as UTF-8" in parse.load(tmp_path)[1]["join_returns_none"].message


def test_two_snippets_with_one_name(tmp_path: Path) -> None:
    first = put(tmp_path, GOOD)
    second = tmp_path / "timers" / "join_returns_none.py"
    second.parent.mkdir()
    second.write_text(GOOD, encoding="utf-8")
    message = parse.load(tmp_path)[1]["join_returns_none"].message
    assert message.startswith(f"{second}: {first} has the same name")


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("Join-Returns.py", "name a snippet in lower_case_words"),
        ("gone.out", "there is no gone.py beside it; delete it"),
        ("join_returns_none.py3.out", "is called NAME.out, NAME.3.11.out"),
        ("join_returns_none.3.11.2.out", "is called NAME.out, NAME.3.11.out"),
    ],
)
def test_a_file_with_a_bad_name(tmp_path: Path, name: str, message: str) -> None:
    put(tmp_path, GOOD)
    put(tmp_path, GOOD, name)
    snippets, faults = parse.load(tmp_path)
    assert [*snippets] == ["join_returns_none"]
    assert [message in fault.message for fault in faults.values()] == [True]


def test_a_missing_folder(tmp_path: Path) -> None:
    with pytest.raises(PleaseStopError, match="there is no such folder of snippets"):
        parse.load(tmp_path / "nowhere")
