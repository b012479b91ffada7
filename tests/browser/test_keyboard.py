"""Everybody can use the built site with a keyboard alone."""

from collections.abc import Iterator
from itertools import islice

import pytest
from playwright.sync_api import Browser, Page

# Tells of the element that has the focus: whether it had it before, can be seen (not under what sticks to the
# top) and is marked. What is drawn for a hidden switch is its label, or the label that follows it.
FOCUSED = """async () => {
  await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
  await Promise.allSettled(document.getAnimations().map(({ finished }) => finished)); // what opens and closes has
  const element = document.activeElement;
  if (element === document.body) return null;
  const again = focused.has(element);
  focused.add(element);
  const next = element.nextElementSibling;
  const drawn = element.matches(".md-option") ? next : element.matches("[type=radio]") ? element.labels[0] : element;
  const [box] = drawn.getClientRects();
  const { outlineStyle, outlineWidth } = getComputedStyle(drawn);
  let seen = box?.width > 0 && box.height > 0;
  if (seen) {
    const y = box.height > innerHeight / 2 ? innerHeight / 2 : box.top + Math.min(box.height / 2, 10);
    const top = document.elementFromPoint(box.left + Math.min(box.width / 2, innerWidth / 2), y);
    seen = top !== null && (drawn.contains(top) || top.contains(drawn));
  }
  const name = `${element.tagName} ${(element.ariaLabel ?? element.textContent).trim().slice(0, 40)}`;
  return { name, again, seen, marked: outlineStyle !== "none" && parseFloat(outlineWidth) > 0 };
}"""
NEVER_FOCUSED = """() =>
  [...document.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex='0']")]
    .filter((one) => one.tabIndex >= 0 && !one.disabled && one.checkVisibility({ visibilityProperty: true }))
    .filter((one) => one.type !== "radio" || one.checked)
    .filter((one) => !focused.has(one))
    .map((one) => `${one.tagName} ${one.textContent.trim().slice(0, 40)}`)
"""


@pytest.mark.parametrize("width", [1280, 360])
@pytest.mark.parametrize("page", ["", "tasks/cancel-the-current-task/", "recipes/", "404.html"])
def test_the_keyboard_reaches_everything(served: str, browser: Browser, page: str, width: int) -> None:
    """Each stop once, seen and marked, there and back; the first is the link that skips to the content; no trap."""
    tab = browser.new_page(viewport={"width": width, "height": 800}, reduced_motion="reduce")
    tab.goto(served + page)
    tab.wait_for_load_state("networkidle")
    there = list(stops(tab, "Tab"))
    assert tab.evaluate(NEVER_FOCUSED) == []
    back = list(islice(stops(tab, "Shift+Tab"), len(there)))
    assert tab.evaluate(NEVER_FOCUSED) == []
    assert there[0] == back[-1] == "A Skip to content"
    tab.close()


def stops(tab: Page, key: str) -> Iterator[str]:
    """Go through the page by a key, until it leaves it; give the name of each stop."""
    tab.evaluate("() => { window.focused = new Set(); }")
    while True:
        tab.keyboard.press(key)
        stop = tab.evaluate(FOCUSED)
        if stop is None:
            break
        assert not stop["again"], stop
        assert stop["seen"], stop
        assert stop["marked"], stop
        yield stop["name"]


def test_the_skip_link_skips(served: str, browser: Browser) -> None:
    tab = browser.new_page()
    for page in ("tasks/cancel-the-current-task/", "404.html"):
        tab.goto(served + page)
        tab.keyboard.press("Tab")
        tab.keyboard.press("Enter")
        tab.keyboard.press("Tab")
        assert tab.evaluate("document.activeElement.closest('article') !== null"), page
    tab.close()
