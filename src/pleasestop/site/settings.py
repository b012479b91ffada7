"""What the configuration of the site says, whichever generator reads it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Settings:
    """The site's name, what it is about, its address, its pages, whether it is read from files.

    `address` is "" or ends with a slash. `listed` are the pages of the navigation: the title
    of the top section ("" outside of sections) and the source of the page.
    """

    name: str
    about: str
    address: str
    listed: tuple[tuple[str, str], ...]
    offline: bool = False
