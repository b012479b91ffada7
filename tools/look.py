"""Take screenshots of pages of each kind: `python tools/look.py SITE OUT`.

Each kind of page at two widths and in both palettes, the first two screens of it, from the
built site in the folder SITE. `python tools/look.py card` draws `docs/assets/card.png`, which
stands beside a link to the site elsewhere.
"""

import sys
from itertools import product
from pathlib import Path
from typing import Literal

from playwright.sync_api import sync_playwright

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))

from support import DOCS, chromium, serving

KINDS = {
    "home": "",
    "guide": "tasks/cancel-the-current-task/",
    "recipe": "recipes/finish/",
    "recipes": "recipes/",
    "errors": "errors/",
    "table": "reference/what-each-wait-does/",
    "ledger": "reference/ledger/",
    "404": "404.html",
}


SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")


def look(site: Path, out: Path) -> None:
    """Write a screenshot KIND-WIDTH-PALETTE.png for each combination."""
    out.mkdir(parents=True, exist_ok=True)
    with serving(site) as address, sync_playwright() as playwright:
        browser = chromium(playwright)
        for (kind, page), width, scheme in product(KINDS.items(), (1280, 360), SCHEMES):
            tab = browser.new_page(color_scheme=scheme, viewport={"width": width, "height": 1600})
            tab.goto(address + page)
            tab.wait_for_load_state("networkidle")
            tab.screenshot(path=out / f"{kind}-{width}-{scheme}.png")
            tab.close()


def card() -> None:
    """Draw the card from `tools/card.svg`."""
    with sync_playwright() as playwright:
        tab = chromium(playwright).new_page(viewport={"width": 1200, "height": 630})
        tab.goto((Path(__file__).parent / "card.svg").as_uri())
        tab.screenshot(path=DOCS / "assets/card.png")


if __name__ == "__main__":
    if sys.argv[1:] == ["card"]:
        card()
    elif len(sys.argv) == 3:
        look(Path(sys.argv[1]), Path(sys.argv[2]))
    else:
        sys.exit(__doc__)
