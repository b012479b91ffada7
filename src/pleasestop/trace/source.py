"""Look up the text of a program at the places where a run was."""

import ast
import re
from collections.abc import Sequence

from pleasestop.trace.events import Span


def _parse(text: str) -> ast.Module:
    try:
        return ast.parse(text)
    except SyntaxError:
        return ast.Module([], [])


class Source:
    """The text of a program, and which of its lines clean up."""

    def __init__(self, text: str) -> None:
        """Parse a text; of one that only a newer Python can parse, the lines alone are known."""
        self._lines = [line.encode() for line in text.split("\n")]
        self._cleaning: dict[int, str] = {}
        self._openers: dict[tuple[int, int], str] = {}
        for node in ast.walk(_parse(text)):
            if isinstance(node, ast.AsyncWith | ast.With):
                word = "async with" if isinstance(node, ast.AsyncWith) else "with"
                for item in node.items:
                    self._open(item.context_expr, word)
            elif isinstance(node, ast.AsyncFor):
                self._open(node.iter, "async for … in")
            if isinstance(node, ast.Try | ast.TryStar):
                for handler in node.handlers:
                    self._cover(handler.body, "except")
                self._cover(node.finalbody, "finally")

    def _cover(self, body: Sequence[ast.stmt], word: str) -> None:
        for statement in body:
            for line in range(statement.lineno, (statement.end_lineno or statement.lineno) + 1):
                self._cleaning[line] = word

    def _open(self, expression: ast.expr, word: str) -> None:
        self._openers[expression.lineno, expression.col_offset] = word

    def text(self, span: Span | None) -> str:
        """Return the program's own text at a span, in one line; "" where there is none."""
        if span is None or span[2:] == (0, 0):
            return ""
        first, last, start, end = span
        if first == last:
            text = self._lines[first - 1][start:end].decode(errors="replace")
        else:
            parts = [self._lines[first - 1][start:], *self._lines[first : last - 1], self._lines[last - 1][:end]]
            text = " ".join(part.decode(errors="replace").strip() for part in parts)
            text = re.sub(r"([(\[{]) | (?=[)\]}])", r"\1", text).replace(",)", ")")
        # A block is entered and left at the expression after its keyword.
        opener = self._openers.get((first, start))
        return f"{opener} {text}" if opener else text

    def cleaning(self, span: Span | None) -> str:
        """Return "finally" or "except" where the span is part of such a block, else ""."""
        return "" if span is None else self._cleaning.get(span[0], "")
