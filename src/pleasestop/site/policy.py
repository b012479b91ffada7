"""What the host of a built site needs beside its pages."""

import base64
import hashlib
import re
from pathlib import Path

# A script without an address; data for scripts is not a script.
_INLINE = re.compile(r"<script(?![^>]*(?:\ssrc=|\stype=.?application/json))[^>]*>(.*?)</script>", re.DOTALL)


def content_security_policy(site: Path) -> str:
    """Return the strictest Content-Security-Policy under which the built site in a folder works.

    Scripts are those of the site, and the few that its theme writes into pages, each by its
    hash. Styles may stand in pages: drawings and theme use them. `wasm-unsafe-eval`
    lets a page run its own Python, compiled to WebAssembly.
    """
    inline = {match[1] for page in site.rglob("*.html") for match in _INLINE.finditer(page.read_text("utf-8"))}
    hashes = sorted(base64.b64encode(hashlib.sha256(script.encode()).digest()).decode() for script in inline)
    scripts = " ".join(["'self'", "'wasm-unsafe-eval'", *(f"'sha256-{one}'" for one in hashes)])
    return "; ".join(
        (
            "default-src 'self'",
            f"script-src {scripts}",
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data:",
            "object-src 'none'",
            "base-uri 'none'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        )
    )


def robots(address: str) -> str:
    """Return the text of `robots.txt`; `address` is the site's, ending with a slash, or ""."""
    return "User-agent: *\nAllow: /\n" + (f"Sitemap: {address}sitemap.xml\n" if address else "")
