"""The replay in a figure: stepping through it, and reading it without a script."""

import gzip
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from support import complaints


def test_stepping_highlights_the_line_and_the_output(browser: Browser, served: str) -> None:
    tab = browser.new_page(viewport={"width": 1280, "height": 900})
    faults = complaints(tab, served)
    tab.goto(f"{served}tasks/cancel-a-task/")
    figure = tab.locator("#cancel_then_wait")
    assert figure.locator(".ps-lit:visible").count() == 0
    step = figure.get_by_role("button", name="One step on")
    slider = figure.get_by_role("slider", name="Step of the replay")
    while "task.cancel()" not in (slider.get_attribute("aria-valuetext") or ""):
        step.click()
    active = figure.locator(".ps-lit.ps-active")
    assert active.inner_text() == "main"
    lines = (figure.locator("pre > code").text_content() or "").splitlines()
    lit = tab.evaluate(
        "([light, code]) => Math.round((light.offsetTop - code.offsetTop"
        " - parseFloat(getComputedStyle(code).paddingTop))"
        " / parseFloat(getComputedStyle(code).lineHeight))",
        [active.element_handle(), figure.locator("pre > code").element_handle()],
    )
    assert lines[lit].strip() == "task.cancel()"
    assert figure.locator(".ps-printed .ps-later").count() == 2
    slider.press("End")
    assert figure.locator(".ps-printed .ps-later").count() == 0
    assert step.is_disabled()
    slider.press("Home")
    figure.get_by_role("combobox", name="Pace").select_option("recorded pace")
    figure.get_by_role("button", name="Play").click()
    tab.wait_for_function("slider => slider.value === slider.max", arg=slider.element_handle())
    assert figure.get_by_role("button", name="Play").count() == 1
    assert faults == []
    tab.close()


@pytest.mark.parametrize(("width", "beside"), [(1280, True), (768, False)])
def test_the_drawing_stands_beside_its_program_where_there_is_room(
    browser: Browser, served: str, width: int, beside: bool
) -> None:
    """Then program, drawing and controls share a screen of 1280 x 800."""
    tab = browser.new_page(viewport={"width": width, "height": 800})
    tab.goto(f"{served}tasks/cancel-a-task/#cancel_then_wait")
    parts = [tab.locator(f"#cancel_then_wait {part}") for part in (".highlight", "svg.ps-tl", ".ps-controls")]
    boxes = [box for part in parts if (box := part.bounding_box()) is not None]
    code, drawing, controls = boxes
    assert (drawing["x"] >= code["x"] + code["width"]) is beside
    assert (drawing["y"] >= code["y"] + code["height"]) is not beside
    if beside:
        top, bottom = min(code["y"], drawing["y"]), max(code["y"] + code["height"], controls["y"] + controls["height"])
        assert top >= 48
        assert bottom <= 800
    tab.close()


def test_the_drawing_is_complete_without_a_script(browser: Browser, served: str) -> None:
    context = browser.new_context(java_script_enabled=False, viewport={"width": 360, "height": 800})
    tab = context.new_page()
    tab.goto(f"{served}tasks/stop-a-group/")
    figure = tab.locator("#one_failure_stops_the_group")
    assert figure.locator("svg .r").count() > 5
    assert figure.locator(".ps-controls").count() == 0
    box = figure.locator("svg.ps-tl").bounding_box()
    assert box is not None
    assert box["width"] <= 360
    context.close()


def test_only_pages_with_a_replay_load_its_script(site: Path) -> None:
    for path in site.rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        assert ("assets/replay.js" in text) == ('class="ps-replay"' in text or 'class="ps-scale"' in text), path
    assert len(gzip.compress((site / "assets/replay.js").read_bytes())) <= 6 * 1024


def test_no_name_of_a_lane_covers_code_on_a_phone(browser: Browser, served: str) -> None:
    """Each line can be scrolled until its end stands beside the names."""
    tab = browser.new_page(viewport={"width": 360, "height": 740})
    tab.goto(f"{served}tasks/cancel-a-task/#cancel_then_wait")
    figure = tab.locator("#cancel_then_wait")
    for _ in range(6):
        figure.get_by_role("button", name="One step on").click()
    names = figure.locator(".ps-lit:visible > span")
    assert names.all_inner_texts() == ["main", "work"]
    end = figure.locator("pre > code").evaluate(
        """code => {
            code.scrollLeft = code.scrollWidth;
            const text = document.createRange();
            text.selectNodeContents(code);
            return Math.max(...[...text.getClientRects()].map(line => line.right));
        }"""
    )
    assert end <= min(box["x"] for name in names.all() if (box := name.bounding_box()) is not None)
    tab.close()
