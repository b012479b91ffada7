"""Drive the Firefox and the WebKit that Debian and Ubuntu ship.

Playwright drives no WebKit but its own, and sends Firefox a command that the ESR 153 does not know.
"""

import json
import os
import shutil
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

import pytest
from websockets.sync.client import ClientConnection, connect

LIMIT = 60.0
"""Seconds that a browser may take for anything, on a busy machine."""
TAB, ENTER, CONTROL, ESCAPE = "\ue004", "\ue007", "\ue009", "\ue00c"
"""Keys that type nothing, as both protocols write them."""


class Tab(Protocol):
    """A tab of a browser."""

    def goto(self, url: str) -> None:
        """Load a page and wait until it is complete."""

    def evaluate(self, expression: str) -> Any:
        """Return the value of a JavaScript expression."""

    def press(self, keys: str, *, control: bool = False) -> None:
        """Press one key after the other, with or without Control."""


def until(what: Callable[[], object], name: str) -> None:
    """Wait until something is true."""
    deadline = time.monotonic() + LIMIT
    while not what():
        assert time.monotonic() < deadline, f"after {LIMIT:.0f} s: {name}"
        time.sleep(0.05)


def _actions(keys: str, control: bool) -> list[dict[str, Any]]:
    """Return keys as both protocols take them."""
    steps = [(kind, key) for key in keys for kind in ("keyDown", "keyUp")]
    if control:
        steps = [("keyDown", CONTROL), *steps, ("keyUp", CONTROL)]
    return [{"type": "key", "id": "keyboard", "actions": [{"type": kind, "value": key} for kind, key in steps]}]


class Firefox:
    """A tab of Firefox, driven by WebDriver BiDi."""

    def __init__(self, connection: ClientConnection) -> None:
        self._connection = connection
        self._sent = 0
        self._send("session.new", capabilities={})
        self._context = self._send("browsingContext.getTree")["contexts"][0]["context"]

    def _send(self, method: str, **params: object) -> Any:
        self._sent += 1
        self._connection.send(json.dumps({"id": self._sent, "method": method, "params": params}))
        answer = json.loads(self._connection.recv(LIMIT))
        assert answer["id"] == self._sent, answer
        assert answer["type"] == "success", answer
        return answer["result"]

    def goto(self, url: str) -> None:
        self._send("browsingContext.navigate", context=self._context, url=url, wait="complete")

    def evaluate(self, expression: str) -> Any:
        code = f"JSON.stringify({expression}) ?? 'null'"
        answer = self._send("script.evaluate", expression=code, target={"context": self._context}, awaitPromise=False)
        assert answer["type"] == "success", answer
        return json.loads(answer["result"]["value"])

    def press(self, keys: str, *, control: bool = False) -> None:
        self._send("input.performActions", context=self._context, actions=_actions(keys, control))


class WebKit:
    """A tab of WebKitGTK's MiniBrowser, driven by WebDriver; its release 2.50 has no BiDi."""

    def __init__(self, address: str) -> None:
        self._address = address
        self._address += "/session/" + self._send("/session", capabilities={})["sessionId"]

    def _send(self, path: str, method: str = "POST", **params: object) -> Any:
        request = urllib.request.Request(self._address + path, json.dumps(params).encode(), method=method)
        try:
            with urllib.request.urlopen(request, timeout=LIMIT) as answer:
                return json.load(answer)["value"]
        except urllib.error.HTTPError as error:
            with error:
                raise AssertionError(error.read().decode()) from None

    def goto(self, url: str) -> None:
        self._send("/url", url=url)

    def evaluate(self, expression: str) -> Any:
        return self._send("/execute/sync", script=f"return {expression}", args=[])

    def press(self, keys: str, *, control: bool = False) -> None:
        self._send("/actions", actions=_actions(keys, control))

    def close(self) -> None:
        """Close the browser."""
        self._send("", "DELETE")


@contextmanager
def _started(command: list[str], **options: Any) -> Iterator[subprocess.Popen[str]]:
    """Start a program; end it, and wait until it has ended."""
    with subprocess.Popen(command, text=True, **options) as process:
        try:
            yield process
        finally:
            process.terminate()


def _need(command: str, package: str) -> None:
    """Skip a test, in CI too, on a machine without a package: Chromium is the browser that every run must have."""
    if shutil.which(command) is None:
        pytest.skip(f"no {command} here; get it with: apt-get install {package}")


@contextmanager
def firefox() -> Iterator[Tab]:
    """Start Firefox without a window."""
    _need("firefox-esr", "firefox-esr")
    with tempfile.TemporaryDirectory() as profile:
        command = ["firefox-esr", "--headless", "--profile", profile, "--remote-debugging-port=0"]
        with _started(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL):
            server = Path(profile, "WebDriverBiDiServer.json")
            until(lambda: server.exists() and server.stat().st_size, "Firefox does not say where it listens")
            port = json.loads(server.read_text())["ws_port"]
            with connect(f"ws://127.0.0.1:{port}/session", max_size=None) as connection:
                yield Firefox(connection)


@contextmanager
def webkit() -> Iterator[Tab]:
    """Start WebKit on a screen that nobody sees."""
    _need("WebKitWebDriver", "webkit2gtk-driver")
    _need("Xvfb", "xvfb")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with _started(["Xvfb", "-displayfd", "1", "-nolisten", "tcp"], stdout=subprocess.PIPE) as screen:
        assert screen.stdout is not None
        display = f":{screen.stdout.readline().strip()}"
        with _started(["WebKitWebDriver", f"--port={port}"], env={**os.environ, "DISPLAY": display}):
            until(lambda: _listens(port), "WebKitWebDriver does not listen")
            tab = WebKit(f"http://127.0.0.1:{port}")
            try:
                yield tab
            finally:
                tab.close()


def _listens(port: int) -> bool:
    """Return whether a program listens on a port of this machine."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
