"""Keep what a program writes while it runs: its two streams, and the trace events that it sends."""

import asyncio
import codecs
import contextlib
import os
import re
import socket
import sys
import time
from collections import deque
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

if sys.platform != "win32":
    import termios

MAX_OUTPUT = 64 * 1024
"""Bytes of output after which the run of a snippet is a flood and is stopped."""

MAX_KEPT = 4000
"""Events that are kept of a program of the reader's own, and trace events of any run: of more, the
first half and the last half."""

BUFFER = 1 << 20
"""Bytes that are requested for the buffer of a stream; the kernel may grant less."""

PIECE = 1 << 16
"""Bytes that are read from a pipe or terminal at once."""

_MESSAGE_TOO_LONG = re.compile(r"\[Errno (?:90|40)\] Message too long")
_ESCAPES = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[@-Z\\^_])")


@dataclass(frozen=True)
class Event:
    """A piece of output, or a trace event of a run that is traced, at `at` seconds after the start."""

    at: float
    stream: Literal["stdout", "stderr", "trace"]
    text: str


class Capture:
    """What one run writes, in the order in which it arrives; a subclass provides the two streams.

    Trace events come from datagram sockets without an address. `folder` is for the sockets of
    the run, `started` the monotonic time of its start.
    """

    def __init__(self, folder: Path, started: float) -> None:
        # Output and trace events have bounds of their own; each event keeps its place in the whole.
        self._first: dict[bool, list[tuple[int, Event]]] = {True: [], False: []}
        self._last: dict[bool, deque[tuple[int, Event]]] = {kind: deque(maxlen=MAX_KEPT // 2) for kind in (True, False)}
        self._count = {True: 0, False: 0}
        self.fault: str | None = None
        self.overflow = asyncio.Event()
        self._started = started
        self.last: float | None = None  # when the program last printed something
        self._decoders = {name: codecs.getincrementaldecoder("utf-8")() for name in ("stdout", "stderr")}
        self._receiver = self._socket(folder / "all")
        self._receiver.setblocking(False)
        asyncio.get_running_loop().add_reader(self._receiver, self.drain)

    @staticmethod
    def _socket(path: Path) -> socket.socket:
        made = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        made.bind(str(path))
        return made

    @property
    def descriptors(self) -> tuple[int, int]:
        """Descriptors for the program's stdout and stderr."""
        raise NotImplementedError

    def handed_over(self) -> None:
        """Close our copies of the descriptors that the program has now, where they are in the way."""

    def drain(self) -> None:
        """Receive all that has been written so far."""
        for _ in range(MAX_KEPT):  # more than the kernel holds; a program that still runs can send without end
            try:
                data, sender = self._receiver.recvfrom(BUFFER)
            except BlockingIOError:
                return
            now = time.monotonic() - self._started
            if sender is None:
                self._keep(Event(now, "trace", data.decode("utf-8", "replace")))
            else:
                self._received(now, "stderr" if Path(sender).name == "stderr" else "stdout", data)

    def _received(self, now: float, stream: Literal["stdout", "stderr"], data: bytes) -> None:
        """Keep a piece of output that came to the receiver."""

    def _decode(self, stream: Literal["stdout", "stderr"], data: bytes) -> str:
        try:
            return self._decoders[stream].decode(data)
        except UnicodeDecodeError:
            self.fault = f"printed bytes to {stream} that are not UTF-8"
            self._decoders[stream].reset()
            return data.decode("utf-8", "backslashreplace")

    def _keep(self, event: Event) -> None:
        """Keep an event; of too many trace events, or pieces of output, the first and the last are kept."""
        kind, place = event.stream == "trace", sum(self._count.values())
        if not kind:
            self.last = event.at
        self._count[kind] += 1
        (self._first if self._count[kind] <= MAX_KEPT // 2 else self._last)[kind].append((place, event))

    @property
    def events(self) -> tuple[Event, ...]:
        """All that was kept, in the order in which it came."""
        kept = [entry for part in (self._first, self._last) for kind in (True, False) for entry in part[kind]]
        return tuple(event for _, event in sorted(kept, key=lambda entry: entry[0]))

    @property
    def dropped(self) -> int:
        """How many events were not kept."""
        return sum(max(0, count - MAX_KEPT) for count in self._count.values())

    def close(self) -> None:
        """Close the descriptors; a program that still writes gets an error."""
        asyncio.get_running_loop().remove_reader(self._receiver)
        self._receiver.close()


class Sockets(Capture):
    """The streams of a snippet, as datagram sockets that send to one receiver.

    So one queue in the kernel keeps the order in which lines were written, whichever process
    wrote them; each line carries its stream; and a line that a process writes with one call
    arrives whole. (With two pipes the order between the streams is a guess; with one pipe the
    two streams look alike.) The price is that one call cannot write more than the socket's
    buffer holds.
    """

    def __init__(self, folder: Path, started: float) -> None:
        super().__init__(folder, started)
        self._size = 0
        self._senders = [self._socket(folder / name) for name in ("stdout", "stderr")]
        for sender in self._senders:
            sender.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, BUFFER)
            sender.connect(self._receiver.getsockname())

    @property
    def descriptors(self) -> tuple[int, int]:  # noqa: D102 (inherited)
        return self._senders[0].fileno(), self._senders[1].fileno()

    def _received(self, now: float, stream: Literal["stdout", "stderr"], data: bytes) -> None:
        self._size += len(data)
        if self._size > MAX_OUTPUT:
            self.fault = f"printed more than {MAX_OUTPUT // 1024} KiB; the rest was discarded"
            self.overflow.set()
            return
        text = self._decode(stream, data)
        if _MESSAGE_TOO_LONG.search(text):
            self.fault = "wrote more at once than the runner can take; print less at a time"
        self._keep(Event(now, stream, text))

    def close(self) -> None:  # noqa: D102 (inherited)
        super().close()
        for sender in self._senders:
            sender.close()


class PassedOn(Capture):
    """The streams of a program of the reader's own: what it would get without us, passed on to ours.

    Each is a terminal where ours is one, and a pipe otherwise. Its lines are kept one by one,
    without the sequences that colour them. A trace event that was sent before a line is kept
    before it; one that was sent just after the line can be, too.
    """

    def __init__(self, folder: Path, started: float) -> None:
        super().__init__(folder, started)
        self._streams = [_Passed("stdout", 1), _Passed("stderr", 2)]
        for stream in self._streams:
            asyncio.get_running_loop().add_reader(stream.ours, self._read, stream)

    @property
    def descriptors(self) -> tuple[int, int]:  # noqa: D102 (inherited)
        return self._streams[0].theirs, self._streams[1].theirs

    def handed_over(self) -> None:  # noqa: D102 (inherited)
        # A stream ends when the last process that could write to it has closed it.
        for stream in self._streams:
            os.close(stream.theirs)

    def drain(self) -> None:  # noqa: D102 (inherited)
        for stream in self._streams:
            for _ in range(BUFFER // PIECE):  # a program that still runs can print without end
                if not self._read(stream):
                    break
            self._keep_lines(stream, "", last=True)

    def _read(self, stream: "_Passed") -> bool:
        """Read a piece; return whether there was one."""
        super().drain()
        try:
            data = os.read(stream.ours, PIECE)
        except BlockingIOError:
            return False
        except OSError:  # the other end of a terminal is closed
            data = b""
        if not data:
            asyncio.get_running_loop().remove_reader(stream.ours)
            return False
        with contextlib.suppress(OSError):  # the reader of our own output can have exited
            os.write(stream.own, data)
        self._keep_lines(stream, _ESCAPES.sub("", self._decode(stream.name, data)))
        return True

    def _keep_lines(self, stream: "_Passed", text: str, last: bool = False) -> None:
        now = time.monotonic() - self._started
        *lines, stream.rest = (stream.rest + text).split("\n")
        for line in lines:
            self._keep(Event(now, stream.name, f"{line}\n"))
        if stream.rest and (last or len(stream.rest) > PIECE):
            self._keep(Event(now, stream.name, stream.rest))
            stream.rest = ""

    def close(self) -> None:  # noqa: D102 (inherited)
        super().close()
        for stream in self._streams:
            asyncio.get_running_loop().remove_reader(stream.ours)
            os.close(stream.ours)


class _Passed:
    """One stream that is passed on to the descriptor `own`; `rest` is a line that has no end yet."""

    def __init__(self, name: Literal["stdout", "stderr"], own: int) -> None:
        self.name = name
        self.own = own
        self.rest = ""
        self.ours, self.theirs = _terminal(own) if os.isatty(own) else os.pipe()
        os.set_blocking(self.ours, False)


def _terminal(like: int) -> tuple[int, int]:
    """Open a terminal with the size and the settings of another one; the other one adds the carriage returns."""
    ours, theirs = os.openpty()
    settings = termios.tcgetattr(like)
    settings[1] &= ~termios.OPOST
    termios.tcsetattr(theirs, termios.TCSANOW, settings)
    termios.tcsetwinsize(theirs, termios.tcgetwinsize(like))
    return ours, theirs
