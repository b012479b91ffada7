"""What a snippet may say of itself, and what is said to whoever gets it wrong."""

from pathlib import Path

import pytest
from packaging.version import Version

from pleasestop import catalog
from pleasestop.errors import PleaseStopError

GOOD = '''"""`join` returns None.

More for whoever reads the file.
"""

# /// script
# requires-python = ">=3.11"
# dependencies = []
#
# [tool.pleasestop]
# timeout = 0.5
# unordered = ["^worker"]
# ///

import threading

# region: start
thread = threading.Thread(target=print)
thread.start()
# endregion
thread.join()
'''


def put(folder: Path, text: str, name: str = "join_returns_none.py") -> Path:
    path = folder / "threads" / "stop" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def test_reads_claim_rules_and_regions(tmp_path: Path) -> None:
    put(tmp_path, GOOD)
    snippet = catalog.load(tmp_path)["join_returns_none"]
    assert snippet.claim == "`join` returns None."
    assert snippet.explanation == "More for whoever reads the file."
    assert snippet.folder == "threads/stop"
    assert snippet.rules.timeout == 0.5
    assert "3.10" not in snippet.requires_python
    assert snippet.program == (
        "import threading\n\nthread = threading.Thread(target=print)\nthread.start()\nthread.join()\n"
    )
    first, last = snippet.regions["start"]
    assert snippet.program.splitlines()[first:last] == [
        "thread = threading.Thread(target=print)",
        "thread.start()",
    ]


def test_downloaded_file_has_docstring_and_block_but_no_markers(tmp_path: Path) -> None:
    put(tmp_path, GOOD)
    raw = catalog.load(tmp_path)["join_returns_none"].raw
    assert raw == GOOD.replace("# region: start\n", "").replace("# endregion\n", "")


def test_output_for_a_version_and_all_older_ones(tmp_path: Path) -> None:
    path = put(tmp_path, GOOD)
    for name in ("join_returns_none.out", "join_returns_none.3.12.out", "join_returns_none.3.9.out"):
        path.with_name(name).write_text("python| CPython\n", encoding="utf-8")
    snippet = catalog.load(tmp_path)["join_returns_none"]
    expected = {
        "3.8.1": ".3.9.out",
        "3.9.18": ".3.9.out",
        "3.10.0": ".3.12.out",
        "3.12.9": ".3.12.out",
        "3.13.0": "none.out",
    }
    for version, ending in expected.items():
        found = snippet.approved_for(Version(version))
        assert found is not None
        assert found.name.endswith(ending), version
    newest = snippet.approved_for_newest()
    assert newest is not None
    assert newest.name == "join_returns_none.out"


def test_a_program_for_a_newer_python_than_ours_is_still_read(tmp_path: Path) -> None:
    put(tmp_path, '"""It holds."""\n# /// script\n# requires-python = ">=3.99"\n# ///\nnot python at all\n')
    assert catalog.load(tmp_path)["join_returns_none"].program == "not python at all\n"


def block(*lines: str) -> str:
    return '"""It holds."""\n' + "".join(f"# {line}\n" for line in ("/// script", *lines, "///")) + "print()\n"


def rules(*lines: str) -> str:
    return block("[tool.pleasestop]", *lines)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("print()\n", "no claim; begin the file with a docstring"),
        ('""""""\n', "no claim"),
        ('"""It holds"""\n', "end the docstring's first line with a full stop"),
        ('"""It holds."""\nif\n', "invalid syntax; mend it, or say in a PEP 723 block"),
        (
            block('requires-pyton = ">=3.11"'),
            "unknown key `requires-pyton` in the script block; did you mean `requires-python`?",
        ),
        (block('requires-python = "3.11 or so"'), "is no version specifier; write for example"),
        (block("requires-python = 3"), "is no version specifier"),
        (block('dependencies = "anyio"'), "`dependencies` is a list of strings"),
        (block("[tool.other]", "x = 1"), "unknown key `other` in [tool]; known are: pleasestop."),
        (block("x = "), "the `# /// script` block is no TOML"),
        (block("dependencies = []") * 2, "more than one `# /// script` block"),
        ('"""It holds."""\n# /// script\n# x = 1\n', "does not close"),
        (rules("timeot = 1"), "unknown key `timeot` in [tool.pleasestop]; did you mean `timeout`?"),
        (rules("timeout = 60"), "`timeout` is a number of seconds, at most 10"),
        (rules("timeout = true"), "`timeout` is a number"),
        (rules('exit = "1"'), "`exit` is a whole number"),
        (rules('masked = ["("]'), "`masked` holds a bad regular expression"),
        (rules('unordered = "x"'), "`unordered` is a list of strings"),
        (rules('wrong = "bad"'), "`wrong` takes hangs, leaks, fails, misleads, not 'bad'"),
        (rules('wrong = "misleads"'), "needs `seen`"),
        (rules('wrong = "leaks"'), "needs `leaves`"),
        (rules('wrong = "fails"'), "needs `exit`"),
        (rules('leaves = ["file"]'), "`leaves` takes process, thread, not 'file'"),
        (rules('platforms = ["amiga"]'), "`platforms` takes linux, macos, windows"),
        (rules('seen = ""'), "`seen` is a text"),
        ('"""It holds."""\n# region: a\nprint()\n', "region `a` opens and never closes"),
        ('"""It holds."""\n# endregion\n', ":2: `# endregion` closes nothing"),
        ('"""It holds."""\n# region: a\n# region: b\n', ":3: region `b` opens inside `a`"),
        ('"""It holds."""\n# region: a\n# endregion\n# region: a\n', ":4: a second region `a`"),
    ],
)
def test_a_fault_names_file_and_remedy(tmp_path: Path, text: str, said: str) -> None:
    path = put(tmp_path, text)
    with pytest.raises(PleaseStopError) as fault:
        catalog.load(tmp_path)
    assert fault.value.message.startswith(str(path))
    assert said in fault.value.message


def test_two_snippets_with_one_name(tmp_path: Path) -> None:
    first = put(tmp_path, GOOD)
    second = tmp_path / "timers" / "join_returns_none.py"
    second.parent.mkdir()
    second.write_text(GOOD, encoding="utf-8")
    with pytest.raises(PleaseStopError, match="has the same name") as fault:
        catalog.load(tmp_path)
    assert str(first) in fault.value.message
    assert str(second) in fault.value.message


def test_a_name_that_no_page_could_write(tmp_path: Path) -> None:
    put(tmp_path, GOOD, "Join-Returns.py")
    with pytest.raises(PleaseStopError, match="lower_case_words"):
        catalog.load(tmp_path)


def test_an_output_without_its_program(tmp_path: Path) -> None:
    path = put(tmp_path, GOOD)
    path.with_name("gone.out").write_text("python| CPython\n", encoding="utf-8")
    with pytest.raises(PleaseStopError, match=r"there is no gone\.py beside it; delete it"):
        catalog.load(tmp_path)


def test_an_output_with_a_name_that_nothing_reads(tmp_path: Path) -> None:
    put(tmp_path, GOOD).with_name("join_returns_none.py3.out").write_text("", encoding="utf-8")
    with pytest.raises(PleaseStopError, match=r"is called NAME\.out, or NAME\.3\.11\.out"):
        catalog.load(tmp_path)


def test_no_folder(tmp_path: Path) -> None:
    with pytest.raises(PleaseStopError, match="no such folder of snippets"):
        catalog.load(tmp_path / "nowhere")
