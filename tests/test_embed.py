"""Snippets on a page: what is drawn, and what fails the build."""

import json
import re
from collections.abc import Callable
from datetime import date
from html import unescape
from pathlib import Path

import pytest
from click.testing import CliRunner
from markdown import Markdown
from mkdocs.__main__ import cli as mkdocs

from conftest import run_once
from pleasestop import catalog, contract, embed, publish, pythons
from pleasestop.catalog import Snippet
from pleasestop.errors import PleaseStopError

Write = Callable[..., Snippet]

PROGRAM = """import sys

# region: loud
print("<b>loud & clear</b>")
# endregion
print("an error", file=sys.stderr)
"""


@pytest.fixture
def render(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], str]:
    """Render Markdown in a project whose snippets were all approved as they print."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "snippets").mkdir(exist_ok=True)

    def markdown(text: str) -> str:
        approve_all(tmp_path / "snippets")
        extensions = ["pymdownx.highlight", "pymdownx.superfences", "admonition", "pleasestop"]
        return Markdown(extensions=extensions).convert(text)

    return markdown


def approve_all(folder: Path) -> None:
    for snippet in catalog.load(folder).values():
        if not snippet.approved:
            text = contract.observed(run_once(snippet)).as_text()
            snippet.output_path(None).write_text(text, encoding="utf-8")


RECIPE = """# SPDX-License-Identifier: 0BSD
# Recipe: greet {version}
# Source: Please Stop, recipes/greet
# Python: 3.9 or newer
\"\"\"Say `hello` & <more>.\"\"\"

GREETING = "hello"
"""


@pytest.fixture
def recipe(tmp_path: Path) -> Path:
    """The folder of a recipe that has been released once."""
    folder = tmp_path / "snippets/recipes/greet"
    folder.mkdir(parents=True)
    (folder / "greet.py").write_text(RECIPE.format(version="1.0.0"), encoding="utf-8")
    (folder / "test_greet.py").write_text('def test_it() -> None:\n    """Says `hello`."""\n', encoding="utf-8")
    publish.release(folder, "First, with `hello`.", date(2026, 1, 2))
    return folder


def words(html: str) -> str:
    return re.sub(r"<[^>]+>", "", html)


def test_a_figure_has_claim_program_output_python_and_links(write: Write, render: Callable[[str], str]) -> None:
    write(PROGRAM)
    html = render("/// snippet | try_it\n///\n")
    assert '<figure class="ps-snippet" id="try_it" ' in html
    assert "It holds." in html
    assert '<div class="highlight">' in html
    assert f"Printed by {pythons.own().label} when this page was built." in html
    assert '<a href="raw/page/try_it.py" download>try_it.py</a>' in html
    assert "0BSD" in html
    assert "# region" not in html


def test_html_in_output_is_escaped(write: Write, render: Callable[[str], str]) -> None:
    write(PROGRAM)
    html = render("/// snippet | try_it\nshow: output\n///\n")
    assert "&lt;b&gt;loud &amp; clear&lt;/b&gt;" in html
    assert "<b>" not in html
    assert '<div class="highlight">' not in html


def test_the_streams_are_told_apart(write: Write, render: Callable[[str], str]) -> None:
    write(PROGRAM)
    assert '<span class="ps-stderr">an error</span>' in render("/// snippet | try_it\n///\n")


def test_a_region_and_a_highlight(write: Write, render: Callable[[str], str]) -> None:
    write(PROGRAM)
    html = render("/// snippet | try_it\nregion: loud\nhighlight: [loud]\nshow: code\n///\n")
    assert "import" not in words(html)
    assert '<span class="hll">' in html
    assert "ps-output" not in html


def test_a_wrong_example_says_so(write: Write, render: Callable[[str], str]) -> None:
    write("print('late')\n", rules='wrong = "misleads"\nseen = "late"')
    html = render("/// snippet | try_it\n///\n")
    assert "ps-snippet--wrong" in html
    assert "Wrong.</strong> It holds." in html


def test_what_may_vary_is_told(write: Write, render: Callable[[str], str]) -> None:
    write("print(12)\n", rules="masked = ['\\d+']")
    assert r"What matches <code>\d+</code> varies." in render("/// snippet | try_it\n///\n")


def test_an_output_of_other_versions_is_shown_with_its_python(
    write: Write, render: Callable[[str], str], tmp_path: Path
) -> None:
    write("print('now')\n")
    (tmp_path / "snippets/page/try_it.3.8.out").write_text("python| CPython 3.8.18 on Linux\nthen\n", encoding="utf-8")
    (tmp_path / "snippets/page/try_it.3.9.out").write_text("python| CPython 3.9.18 on Linux\nthen\n", encoding="utf-8")
    (tmp_path / "snippets/page/try_it.out").write_text("python| CPython 3.15.0 on Linux\nnow\n", encoding="utf-8")
    (tmp_path / "snippets/page/try_it.3.99.out").write_text("python| CPython 3.99.1 on Linux\nnow\n", encoding="utf-8")
    html = render("/// snippet | try_it\n///\n")
    tabs = re.findall(r"<label[^>]*>(.*?)</label>", html)
    assert tabs == ["Python 3.100 and newer", "Python 3.10 to 3.99", "Python 3.9", "Python 3.8 and older"]
    assert html.count(' checked=""') == 1
    assert html.index(' checked=""') < html.index("Python 3.100 and newer")
    assert "Printed by CPython 3.8.18 on Linux, and approved." in html


def test_what_no_python_here_runs_is_never_passed_off_as_this_builds(
    write: Write, render: Callable[[str], str], tmp_path: Path
) -> None:
    snippet = write("print('then')\n")
    text = snippet.path.read_text(encoding="utf-8")
    snippet.path.write_text(
        text.replace('"""\n', '"""\n# /// script\n# requires-python = ">=3.99"\n# ///\n', 1), encoding="utf-8"
    )
    (tmp_path / "snippets/page/try_it.out").write_text("python| CPython 3.99.1 on Linux\nthen\n", encoding="utf-8")
    html = render("/// snippet | try_it\n///\n")
    assert "Printed by CPython 3.99.1 on Linux, and approved; no Python on the building machine runs it." in html
    assert pythons.own().label not in html


def test_in_an_admonition(write: Write, render: Callable[[str], str]) -> None:
    write(PROGRAM)
    html = render("!!! note\n\n    Text.\n\n    /// snippet | try_it\n    show: output\n    ///\n\nAfter.\n")
    inside = html[html.index("admonition") : html.index("After.")]
    assert inside.index("<figure") < inside.rindex("</div>")
    assert "\x02" not in html


def test_shown_twice_has_one_id(write: Write, render: Callable[[str], str]) -> None:
    write(PROGRAM)
    html = render("/// snippet | try_it\n///\n\n/// snippet | try_it\nregion: loud\n///\n")
    assert html.count("<figure") == 2
    assert html.count('id="try_it"') == 1


def test_a_block_inside_a_fence_is_text(write: Write, render: Callable[[str], str]) -> None:
    write(PROGRAM)
    assert "<figure" not in render("````text\n```\n/// snippet | try_it\n///\n````\n")


@pytest.mark.parametrize(
    ("page", "said"),
    [
        ("text\n\n/// snippet | try_on\n///\n", "line 3: no snippet is called try_on. Nearest: try_it."),
        ("/// snippet | try_it\n", "line 1: the block of try_it does not close"),
        ("/// snippet | try_it\nregoin: loud\n///\n", "line 1: unknown option `regoin`; did you mean `region`?"),
        ("/// snippet | try_it\nregion: quiet\n///\n", "line 1: try_it has no region `quiet`; it has: loud."),
        ("/// snippet | try_it\nhighlight: gone\n///\n", "nothing to highlight: 'gone' is no line of try_it here"),
        ("/// snippet | try_it\nregion: loud\nhighlight: import\n///\n", "nothing to highlight: 'import'"),
        ("/// recipe | try_it\n///\n", "line 1: no recipe is called try_it."),
        ("\n/// promises | great\n///\n", "line 2: no recipe is called great. Nearest: greet."),
        ("/// changes | greet\nregion: loud\n///\n", "line 1: unknown option `region`; known are: none."),
        ("/// recipes | greet\n///\n", "line 1: the table of recipes is written `/// recipes | all`."),
        ("/// snippet | try_it\nshow: claim\n///\n", "`show` takes some of: code, output, replay, scale."),
        ("/// snippet | try_it\nregion: [\n///\n", "line 1: the options are no YAML"),
        ("/// snippet | try_it\nloud\n///\n", "line 1: options are written as `name: value`"),
    ],
)
@pytest.mark.usefixtures("recipe")
def test_a_fault_fails_the_build_and_names_the_line(
    write: Write, render: Callable[[str], str], page: str, said: str
) -> None:
    write(PROGRAM)
    with pytest.raises(PleaseStopError) as fault:
        render(page)
    assert said in fault.value.message


def test_a_failing_snippet_fails_the_build(write: Write, render: Callable[[str], str]) -> None:
    snippet = write(PROGRAM)
    snippet.output_path(None).write_text("python| CPython\nother\n", encoding="utf-8")
    with pytest.raises(PleaseStopError, match="printed other than approved"):
        render("/// snippet | try_it\n///\n")


@pytest.mark.usefixtures("render")
def test_mkdocs_fails_with_page_and_line_and_without_a_traceback(write: Write, tmp_path: Path) -> None:
    write(PROGRAM)
    approve_all(tmp_path / "snippets")
    (tmp_path / "docs").mkdir()
    page = tmp_path / "docs/index.md"
    (tmp_path / "mkdocs.yml").write_text(
        "site_name: x\nmarkdown_extensions: [pymdownx.superfences, pleasestop]\n", encoding="utf-8"
    )
    page.write_text("---\ntitle: x\n---\n\n# x\n\n/// snippet | try_it\n///\n", encoding="utf-8")
    done = CliRunner().invoke(mkdocs, ["build", "--strict"])
    assert done.exit_code == 0, done.output
    assert (tmp_path / "site/raw/page/try_it.py").read_text(encoding="utf-8").startswith('"""It holds."""')

    page.write_text("---\ntitle: x\n---\n\n# x\n\n/// snippet | try_on\n///\n", encoding="utf-8")
    done = CliRunner().invoke(mkdocs, ["build", "--strict"])
    assert done.exit_code == 1
    assert "docs/index.md:7: no snippet is called try_on" in done.output
    assert "Traceback" not in done.output


def test_a_changed_snippet_is_run_again_within_one_process(write: Write, render: Callable[[str], str]) -> None:
    write("print('one')\n")
    assert "one" in render("/// snippet | try_it\nshow: output\n///\n")
    snippet = write("print('another')\n")
    snippet.output_path(None).unlink()
    assert "another" in render("/// snippet | try_it\nshow: output\n///\n")


def test_without_a_folder_of_snippets_the_build_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(PleaseStopError, match="snippets: no such folder of snippets; run this from the project"):
        Markdown(extensions=["pleasestop"]).convert("/// snippet | try_it\n///\n")


def test_blocks_know_their_lines() -> None:
    found = embed.blocks(["a", "  /// snippet | x", "  show: code", "  ///", "/// recipe | y", "///"])
    assert [(block.kind, block.name, block.first, block.last, block.indent) for block in found] == [
        ("snippet", "x", 1, 3, "  "),
        ("recipe", "y", 4, 5, ""),
    ]
    assert found[0].options == {"show": "code"}


@pytest.mark.usefixtures("recipe")
def test_a_recipe_is_shown_whole_with_its_facts_and_how_to_take_it(render: Callable[[str], str]) -> None:
    html = render("/// recipe | greet\n///\n")
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


def test_a_recipe_that_is_not_released_as_it_is_has_no_address_of_its_version(
    recipe: Path, render: Callable[[str], str]
) -> None:
    (recipe / "greet.py").write_text(RECIPE.format(version="1.1.0"), encoding="utf-8")
    html = render("/// recipe | greet\n///\n")
    assert "version 1.1.0" in html
    assert "1.1.0.py" not in html


def test_a_recipe_with_dependencies_says_so(recipe: Path, render: Callable[[str], str]) -> None:
    block = '# /// script\n# dependencies = ["hello>=2"]\n# ///\n'
    (recipe / "greet.py").write_text(RECIPE.format(version="1.1.0") + block, encoding="utf-8")
    assert "needs hello&gt;=2" in render("/// recipe | greet\n///\n")


def test_promises_and_changes(recipe: Path, render: Callable[[str], str]) -> None:
    (recipe / "greet.py").write_text(RECIPE.format(version="1.1.0"), encoding="utf-8")
    publish.release(recipe, "More.", date(2026, 1, 3))
    html = render("/// promises | greet\n///\n")
    assert '<th scope="row">Says <code>hello</code>.</th>' in html
    assert '<a href="recipes/files/greet/test_greet.py"><code>test_<wbr>it</code></a>' in html
    html = render("/// changes | greet\n///\n")
    assert '<a href="recipes/files/greet/1.0.0.py">1.0.0</a>' in html
    assert words(html).index("1.1.02026-01-03More.") < words(html).index("1.0.02026-01-02First, with hello.")


@pytest.mark.usefixtures("recipe")
def test_the_table_of_recipes(render: Callable[[str], str]) -> None:
    html = render("/// recipes | all\n///\n")
    assert '<a href="recipes/greet/"><code>greet</code></a>' in html
    assert "greetSay hello &amp; &lt;more&gt;.3.9+711.0.0" in words(html)
    assert '<a href="recipes.json">' in html


@pytest.mark.usefixtures("render")
def test_what_a_page_links_to_is_put_into_the_site(recipe: Path, tmp_path: Path) -> None:
    (tmp_path / "docs/recipes").mkdir(parents=True)
    (tmp_path / "docs/recipes/index.md").write_text("# x\n\n/// recipes | all\n///\n", encoding="utf-8")
    (tmp_path / "docs/recipes/greet.md").write_text("# x\n\n/// recipe | greet\n///\n", encoding="utf-8")
    (tmp_path / "mkdocs.yml").write_text(
        "site_name: x\nmarkdown_extensions: [pymdownx.superfences, pleasestop]\n", encoding="utf-8"
    )
    (recipe / "greet.py").write_text(RECIPE.format(version="1.1.0"), encoding="utf-8")
    done = CliRunner().invoke(mkdocs, ["build", "--strict"])
    assert done.exit_code == 0, done.output
    files = tmp_path / "site/recipes/files/greet"
    assert sorted(file.name for file in files.iterdir()) == ["1.0.0.py", "latest.py", "test_greet.py"]
    assert (files / "1.0.0.py").read_bytes() == RECIPE.format(version="1.0.0").encode()
    assert (files / "latest.py").read_bytes() == (files / "1.0.0.py").read_bytes()
    listed = json.loads((tmp_path / "site/recipes.json").read_text(encoding="utf-8"))
    assert [entry["version"] for entry in listed["recipes"]] == ["1.0.0"]
    assert (tmp_path / "site/recipes.schema.json").read_bytes() == publish.SCHEMA.read_bytes()
    page = (tmp_path / "site/recipes/greet/index.html").read_text(encoding="utf-8")
    assert 'href="../../recipes/files/greet/latest.py"' in page
