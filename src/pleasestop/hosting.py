"""What a built site needs beside its pages: rules for its host, and an archive to read without one."""

import base64
import hashlib
import io
import json
import re
import zipfile
from pathlib import Path

from pleasestop.check import write_whole
from pleasestop.errors import PleaseStopError

# A script without an address; data for scripts is no script.
_INLINE = re.compile(r"<script(?![^>]*(?:\ssrc=|\stype=.?application/json))[^>]*>(.*?)</script>", re.DOTALL)
# A relative link to a folder, which a server answers with the page in it.
_FOLDER = re.compile(r'(?<=\shref=")(?![\w+.-]+:|//|#)([^"#]*/|(?:[^"#]*/)?\.\.?)(?=[#"])')
_FOLDER_OF = "please-stop"
# Of use to servers only; and no page of a file may start Python.
_NOT_PACKED = ("404.html", "sitemap.xml", "assets/pyodide-", "assets/run-worker.js", "assets/run_loop.py")


def policy(site: Path) -> str:
    """Return the Content-Security-Policy that the built site in a folder can do with.

    Scripts are those of the site, and the few that its theme writes into pages, each by its
    hash. Styles may stand in pages: pictures and theme place things by them. `wasm-unsafe-eval`
    lets a page run its own Python, compiled to WebAssembly.
    """
    inline = {match[1] for page in site.rglob("*.html") for match in _INLINE.finditer(page.read_text("utf-8"))}
    hashes = sorted(base64.b64encode(hashlib.sha256(script.encode()).digest()).decode() for script in inline)
    scripts = " ".join(["'self'", "'wasm-unsafe-eval'", *(f"'sha256-{told}'" for told in hashes)])
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


def archive(site: Path, out: Path) -> None:
    """Pack a built site into the zip `out`, so that it can be read from `file://`, search included.

    Links to folders get the page's file name. The theme's search fetches its index and starts
    a worker from a file, and browsers allow neither there; so the index becomes a script, as
    the theme looks for it, and the worker's text goes into a script of ours. Raises
    `PleaseStopError` for a folder that holds no built site, and where `out` cannot be written.
    """
    workers = list(site.glob("assets/javascripts/workers/search.*.js"))
    index = site / "search/search_index.json"
    if not index.is_file() or len(workers) != 1:
        raise PleaseStopError(f"{site}: holds no built site with its search; make one: python dev.py build")
    packed = {
        "search/search_index.js": f"var __index = {_with_files(index.read_text(encoding='utf-8'))};\n".encode(),
        "assets/archive.js": _WORKER.format(text=json.dumps(workers[0].read_text(encoding="utf-8"))).encode(),
    }
    for file in sorted(path for path in site.rglob("*") if path.is_file()):
        name = file.relative_to(site).as_posix()
        if file == index or file.suffix == ".map" or name.startswith(_NOT_PACKED):
            continue
        content = file.read_bytes()
        packed[name] = _from_files(content.decode(), name).encode() if file.suffix == ".html" else content
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as pack:
        for name, content in packed.items():
            pack.writestr(zipfile.ZipInfo(f"{_FOLDER_OF}/{name}"), content, zipfile.ZIP_DEFLATED)
    try:
        write_whole(out, whole.getvalue())
    except OSError as error:
        raise PleaseStopError(f"{out}: cannot be written: {error.strerror}.") from None


_WORKER = """\
// A page from a file may not start a worker from a file, but from a text.
{{
  const text = {text};
  window.Worker = class extends Worker {{
    constructor() {{
      super(URL.createObjectURL(new Blob([text], {{ type: "text/javascript" }})));
    }}
  }};
}}
"""


def _from_files(page: str, name: str) -> str:
    """Let a page find others without a server; `name` is its path in the site."""
    page = _FOLDER.sub(lambda match: match[1].rstrip("/") + "/index.html" if match[1] else match[0], page)
    to_root = "../" * name.count("/")
    return page.replace("</head>", f'<script src="{to_root}assets/archive.js"></script></head>', 1)


def _with_files(index: str) -> str:
    told = json.loads(index)
    for entry in told["docs"]:
        path, hash_sign, place = entry["location"].partition("#")
        entry["location"] = (
            f"{path}index.html{hash_sign}{place}" if not path or path.endswith("/") else entry["location"]
        )
    return json.dumps(told, separators=(",", ":"))
