"""Everybody can use the built site with a keyboard alone."""

from collections.abc import Iterator
from itertools import islice, product

import pytest
from playwright.sync_api import Browser, Page

# Describe the element that has the focus: whether it had the focus before, whether a reader can see it (the header
# may cover it), and whether it has an outline. For a hidden switch its label is looked at, or the label after it.
FOCUSED = """async () => {
  await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
  await Promise.allSettled(document.getAnimations().map(({ finished }) => finished)); // all has opened or closed
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

PAGES = ("", "tasks/cancel-the-current-task/", "recipes/", "404.html")
WIDTHS = (1280, 360)
EVERY_RUN = [
    ("", 360),
    ("tasks/cancel-the-current-task/", 1280),
    ("recipes/", 1280),
    ("404.html", 360),
]
"""What every test run goes through: each kind of page at one width."""
THOROUGH = [one for one in product(PAGES, WIDTHS) if one not in EVERY_RUN]


@pytest.mark.parametrize(
    ("page", "width"), [*EVERY_RUN, *(pytest.param(*one, marks=pytest.mark.thorough) for one in THOROUGH)]
)
def test_the_keyboard_reaches_everything(served: str, browser: Browser, page: str, width: int) -> None:
    """Tab and Shift+Tab visit each element once, visible and outlined, and leave the page; the skip link is first."""
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
    """Press a key until the focus leaves the page; yield the name of each focused element."""
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


def test_the_skip_link_leads_into_the_article(served: str, browser: Browser) -> None:
    tab = browser.new_page()
    for page in ("tasks/cancel-the-current-task/", "404.html"):
        tab.goto(served + page)
        tab.keyboard.press("Tab")
        tab.keyboard.press("Enter")
        tab.keyboard.press("Tab")
        assert tab.evaluate("document.activeElement.closest('article') !== null"), page
    tab.close()
