"""Blocks on a page: what is drawn, and what is said of a fault."""

import re
from datetime import date
from html import unescape

import pytest

from pleasestop.messages import PleaseStopError
from pleasestop.recipes import model, releases
from pleasestop.site import blocks
from pleasestop.site.render import html_url, render
from pleasestop.site.views import Cell, LedgerSection, LedgerView, MarkView
from pleasestop.snippets import interpreters
from scratch_project import PROGRAM, RECIPE, Scratch


def words(html: str) -> str:
    return re.sub(r"<[^>]+>", "", html)


def test_a_figure_has_claim_program_output_interpreter_and_links(scratch: Scratch) -> None:
    scratch.write(PROGRAM)
    html = scratch.render("/// snippet | try_it\n///\n")
    assert '<figure class="ps-snippet" id="try_it" ' in html
    assert "It holds." in html
    assert '<div class="highlight">' in html
    assert f"Printed by {interpreters.own().label} where this page was built." in html
    assert '<a href="raw/page/try_it.py" download aria-label="File try_it.py">File</a>' in html
    assert "0BSD" in html


def test_html_in_output_is_escaped(scratch: Scratch) -> None:
    scratch.write(PROGRAM)
    html = scratch.render("/// snippet | try_it\nshow: output\n///\n")
    assert "&lt;b&gt;loud &amp; clear&lt;/b&gt;" in html
    assert "<b>" not in html
    assert '<div class="highlight">' not in html


def test_the_streams_look_different(scratch: Scratch) -> None:
    scratch.write(PROGRAM)
    html = scratch.render("/// snippet | try_it\n///\n")
    samp = html[html.index("<samp>") : html.index("</samp>")]
    assert samp == '<samp>&lt;b&gt;loud &amp; clear&lt;/b&gt;\n<span class="ps-stderr">an error</span>'


def test_a_highlighted_line(scratch: Scratch) -> None:
    scratch.write(PROGRAM)
    html = scratch.render("/// snippet | try_it\nhighlight: [loud]\nshow: code\n///\n")
    assert html.count('<span class="hll">') == 1
    assert "ps-output" not in html


@pytest.mark.parametrize(
    ("body", "rules", "shown"),
    [
        ("print('late')\n", 'wrong = "misleads"\nseen = "late"', "Wrong example:</strong> It holds."),
        (
            "raise SystemExit(3)\n",
            'wrong = "fails"\nexit = 3',
            "Wrong example that ends with an error:</strong> It holds.",
        ),
        ("print(12)\n", "masked = ['\\d+']", r"What matches <code>\d+</code> varies."),
        ("", "", "(no output)"),
        ("raise SystemExit(3)\n", "exit = 3", "(exit status 3)"),
    ],
)
def test_a_figure_shows_what_its_snippet_declares(scratch: Scratch, body: str, rules: str, shown: str) -> None:
    scratch.write(body, rules=rules)
    assert shown in scratch.render("/// snippet | try_it\n///\n")


def test_outputs_of_several_versions_are_tabs_the_newest_first(scratch: Scratch) -> None:
    snippet = scratch.write("print('now')\n", approve=False)
    for up_to, label, text in (
        ("3.8", "CPython 3.8.18 on Linux", "then\n"),
        ("3.9", "CPython 3.9.18 on Linux", "then\n"),
        ("", "CPython 3.15.0 on Linux", "now\n"),
        ("3.99", "CPython 3.99.1 on Linux", "now\n"),
    ):
        scratch.approve(snippet, label, text, up_to)
    html = scratch.render("/// snippet | try_it\n///\n")
    tabs = re.findall(r"<label[^>]*>(.*?)</label>", html)
    assert tabs == ["Python 3.100 and newer", "Python 3.10 to 3.99", "Python 3.9", "Python 3.8 and older"]
    assert html.count(' checked=""') == 1
    assert html.index(' checked=""') < html.index("Python 3.100 and newer")
    assert "Printed by CPython 3.8.18 on Linux, and approved." in html


@pytest.mark.parametrize(
    ("newer", "older", "marked"),
    [
        ("a\nb\n", "b\na\n", [["a", "b"], ["b", "a"]]),  # both outputs hold both lines, and yet they differ
        ("x\na\ny\nb\n", "x\nb\ny\na\n", [["a", "b"], ["b", "a"]]),
        ("a\nb\nc\n", "a\nc\n", [["b"], []]),
        ("a\nb\n", "a\nc\n", [["b"], ["c"]]),
    ],
)
def test_lines_that_differ_between_versions_are_marked(
    scratch: Scratch, newer: str, older: str, marked: list[list[str]]
) -> None:
    snippet = scratch.write("print()\n", approve=False)
    block = '"""\n# /// script\n# requires-python = ">=3.99"\n# ///\n'  # so that this build shows what is approved
    snippet.path.write_text(snippet.text.replace('"""\n', block, 1), encoding="utf-8")
    scratch.approve(scratch.read(), "CPython 3.99.0 on Linux", newer)
    scratch.approve(scratch.read(), "CPython 3.8.18 on Linux", older, "3.8")
    html = scratch.render("/// snippet | try_it\n///\n")
    outputs = re.findall(r"<samp>(.*?)</samp>", html, re.DOTALL)
    assert [re.findall(r"<mark>(.*?)</mark>", output) for output in outputs] == marked


def test_an_output_of_an_older_program_is_not_shown(scratch: Scratch) -> None:
    snippet = scratch.write("print('now')\n")
    scratch.approve(snippet, "CPython 3.8.18 on Linux", "then\n", "3.8", fingerprint="0" * 12)
    html = scratch.render("/// snippet | try_it\n///\n")
    assert "then" not in html
    assert "Python 3.8 and older: not run since the program changed." in html


def test_an_output_that_this_build_did_not_print_says_so(scratch: Scratch) -> None:
    snippet = scratch.write("print('then')\n", approve=False)
    text = snippet.path.read_text(encoding="utf-8")
    block = '"""\n# /// script\n# requires-python = ">=3.99"\n# ///\n'
    snippet.path.write_text(text.replace('"""\n', block, 1), encoding="utf-8")
    scratch.approve(scratch.read(), "CPython 3.99.1 on Linux", "then\n")
    html = scratch.render("/// snippet | try_it\n///\n")
    assert "Printed by CPython 3.99.1 on Linux, and approved. When this page was built, no Python was found" in html
    assert interpreters.own().label not in html


def test_a_figure_in_an_admonition(scratch: Scratch) -> None:
    scratch.write(PROGRAM)
    html = scratch.render("!!! note\n\n    Text.\n\n    /// snippet | try_it\n    show: output\n    ///\n\nAfter.\n")
    inside = html[html.index("admonition") : html.index("After.")]
    assert inside.index("<figure") < inside.rindex("</div>")
    assert "\x02" not in html


def test_a_snippet_that_is_shown_twice_has_one_id(scratch: Scratch) -> None:
    scratch.write(PROGRAM)
    html = scratch.render("/// snippet | try_it\n///\n\n/// snippet | try_it\nshow: code\n///\n")
    assert html.count("<figure") == 2
    assert html.count('id="try_it"') == 1


def test_a_block_inside_a_fence_is_text(scratch: Scratch) -> None:
    scratch.write(PROGRAM)
    assert "<figure" not in scratch.render("````text\n```\n/// snippet | try_it\n///\n````\n")


FAULTS = [
    ("text\n\n/// snippet | try_on\n///\n", "line 3: no snippet is called try_on. Nearest: try_it."),
    ("/// snippet | try_it\n", "line 1: this block does not close; end it with a line `///`."),
    ("/// snippet | try_it\nshow: code\n\ntext\n", "line 1: this block does not close"),
    ("/// snippet | try_it\n/// snippet | try_it\n///\n", "line 1: this block does not close"),
    ("/// snippet | try_it\nhilight: loud\n///\n", "line 1: unknown option `hilight`; did you mean `highlight`?"),
    ("/// snippet | try_it\nhighlight: gone\n///\n", "line 1: nothing to highlight: no line of try_it holds 'gone'."),
    ("/// recipe | try_it\n///\n", "line 1: no recipe is called try_it."),
    ("\n/// promises | great\n///\n", "line 2: no recipe is called great. Nearest: greet."),
    ("/// changes | greet\nshow: code\n///\n", "line 1: unknown option `show`; known are: none."),
    ("/// table | legder\n///\n", "line 1: no table is called legder. Nearest: ledger."),
    ("/// snippet | try_it\nshow: claim\n///\n", "line 1: `show` takes some of: code, output, replay, scale."),
    ("/// snippet | try_it\nhighlight: [\n///\n", "line 1: the options cannot be read"),
    ("/// snippet | try_it\nloud\n///\n", "line 1: write options as `name: value`, one on a line."),
]


@pytest.mark.parametrize(("page", "message"), FAULTS)
def test_a_fault_stops_a_strict_build_and_names_the_line(scratch: Scratch, page: str, message: str) -> None:
    scratch.write(PROGRAM)
    scratch.recipe()
    with pytest.raises(PleaseStopError) as fault:
        scratch.render(page)
    assert message in fault.value.message


@pytest.mark.parametrize(("page", "message"), FAULTS)
def test_a_fault_is_shown_in_a_draft_and_the_rest_of_the_page_too(
    scratch: Scratch, capsys: pytest.CaptureFixture[str], page: str, message: str
) -> None:
    scratch.write(PROGRAM)
    scratch.recipe()
    html = scratch.render(f"{page}\n\nThe rest.\n", draft=True)
    assert "This cannot be shown" in html
    assert "The rest." in html
    error = capsys.readouterr().err
    assert message in error
    assert error.count(message) == 1
    assert "Traceback" not in error


def test_a_snippet_that_prints_something_new_stops_a_strict_build(scratch: Scratch) -> None:
    snippet = scratch.write(PROGRAM)
    scratch.approve(snippet, "CPython 3.15.0 on Linux", "other\n")
    with pytest.raises(PleaseStopError, match="printed something else than approved"):
        scratch.render("/// snippet | try_it\n///\n")


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        ("print('new')\n", ["new", "printed something else than approved", "python dev.py approve try_it"]),
        ("print('new')\n1 / 0\n", ["new", "ended with exit status 1, not 0", "line 4, in &lt;module&gt;"]),
        ("def broken(:\n", ["This cannot be shown", "try_it.py:3:"]),
    ],
)
def test_a_draft_shows_what_is_wrong_with_a_snippet(scratch: Scratch, body: str, shown: list[str]) -> None:
    snippet = scratch.write(PROGRAM)
    snippet.path.write_text(f'"""It holds."""\n\n{body}', encoding="utf-8")
    html = scratch.render("/// snippet | try_it\n///\n\nThe rest.\n", draft=True)
    assert [text for text in (*shown, "The rest.") if text not in html] == []


def test_a_changed_snippet_is_run_again_within_one_process(scratch: Scratch) -> None:
    scratch.write("print('one')\n")
    assert "one" in scratch.render("/// snippet | try_it\nshow: output\n///\n")
    scratch.write("print('another')\n")
    assert "another" in scratch.render("/// snippet | try_it\nshow: output\n///\n")


def test_rendering_writes_no_file(scratch: Scratch) -> None:
    scratch.write(PROGRAM)
    scratch.recipe()
    page = "/// snippet | try_it\n///\n\n/// recipe | greet\n///\n\n/// recipes | some\nof: [greet]\n///\n"
    scratch.render(page)  # runs the snippet, and keeps the run
    before = {path: path.stat().st_mtime_ns for path in scratch.root.rglob("*") if path.is_file()}
    scratch.render(page)
    assert {path: path.stat().st_mtime_ns for path in scratch.root.rglob("*") if path.is_file()} == before


def test_without_a_folder_of_snippets_the_build_fails(scratch: Scratch) -> None:
    with pytest.raises(PleaseStopError, match="there is no such folder of snippets; run this in the project's folder"):
        scratch.render("/// snippet | try_it\n///\n")


def test_blocks_know_their_lines() -> None:
    found = blocks.find(["a", "  /// snippet | x", "  show: code", "  ///", "/// recipe | y", "///"])
    assert [(block.kind, block.name, block.first, block.last, block.indent) for block in found] == [
        ("snippet", "x", 1, 3, "  "),
        ("recipe", "y", 4, 5, ""),
    ]
    assert found[0].shown == ("code",)


def test_a_recipe_is_shown_whole_with_its_facts_and_how_to_take_it(scratch: Scratch) -> None:
    scratch.recipe()
    html = scratch.render("/// recipe | greet\n///\n")
    assert '<figure class="ps-snippet ps-recipe" id="recipe-greet" ' in html
    assert "Say <code>hello</code> &amp; &lt;more&gt;." in html
    assert "version 1.0.0 · Python 3.9 and newer · 7 lines · standard library only · 0BSD" in html
    shown = unescape(words(html))
    assert RECIPE.format(version="1.0.0") in shown
    assert "pleasestop add greet" in shown
    assert html.count('<div class="highlight">') == 2
    assert '<a href="recipes/files/greet/latest.py" download="greet.py">download greet.py</a>' in html
    assert '<a href="recipes/files/greet/1.0.0.py">' in html
    assert '<a href="recipes/files/greet/test_greet.py">its 1 tests</a>' in html


def test_a_recipe_that_is_not_released_as_it_is_has_no_address_of_its_version(scratch: Scratch) -> None:
    (scratch.recipe() / "greet.py").write_text(RECIPE.format(version="1.1.0"), encoding="utf-8")
    html = scratch.render("/// recipe | greet\n///\n")
    assert "version 1.1.0 is not released yet" in html
    assert "1.1.0.py" not in html


def test_a_recipe_with_dependencies_says_so(scratch: Scratch) -> None:
    block = '# /// script\n# dependencies = ["hello>=2"]\n# ///\n'
    (scratch.recipe() / "greet.py").write_text(RECIPE.format(version="1.1.0") + block, encoding="utf-8")
    assert "needs hello&gt;=2" in scratch.render("/// recipe | greet\n///\n")


def test_promises_and_changes(scratch: Scratch) -> None:
    folder = scratch.recipe()
    (folder / "greet.py").write_text(RECIPE.format(version="1.1.0"), encoding="utf-8")
    releases.release(model.read(folder), "More.", date(2026, 1, 3))
    html = scratch.render("/// promises | greet\n///\n")
    assert '<th scope="row">Says <code>hello</code>.</th>' in html
    assert '<a href="recipes/files/greet/test_greet.py"><code>test_<wbr>it</code></a>' in html
    html = scratch.render("/// changes | greet\n///\n")
    assert '<a href="recipes/files/greet/1.0.0.py">1.0.0</a>' in html
    assert words(html).index("1.1.02026-01-03More.") < words(html).index("1.0.02026-01-02First, with hello.")


def test_the_table_of_recipes(scratch: Scratch) -> None:
    scratch.recipe()
    html = scratch.render("/// recipes | filter\n///\n\n/// recipes | some\nof: [greet]\n///\n")
    assert '<a href="recipes/greet/"><code>greet</code></a>' in html
    assert "greetSay hello &amp; &lt;more&gt;.Python 3.9+" in words(html)
    assert (html.count('class="ps-filter"'), html.count("<table")) == (1, 1)
    with pytest.raises(PleaseStopError, match=r"no recipe is called gret\. Nearest: greet"):
        scratch.render("/// recipes | some\nof: [gret]\n///\n")


def test_the_ledger_colours_only_what_deviates() -> None:
    marks = (MarkView("3.13", "✓"), MarkView("3.14", "✗", "3.14.0: deviated; 30 runs", deviates=True))
    section = LedgerSection("A page", "page", ((Cell("It holds.", "page.md#it"), True, marks),))
    html = render("html", LedgerView(("3.13", "3.14"), (section,)), html_url(""))
    assert "It holds.</a> <small>wrong example</small>" in html
    assert html.count("ps-wrong") == 1
    assert '<td data-version="3.14" class="ps-wrong" title="3.14.0: deviated; 30 runs">✗</td>' in html
