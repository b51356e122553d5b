"""What is written to the terminal: plain lines, tables, JSON, and never a crash over a character."""

from __future__ import annotations

import codecs
import json
import sys
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from govlab.language import say

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

# What a console in GBK lacks and a reader would miss; everything else falls back to its plain form.
_NEAREST = {
    "−": "-",
    "–": "-",
    "≈": "~",
    "✓": "√",
    "✗": "×",
    "•": "·",
    "∧": "&",
    "∨": "|",
    "≠": "<>",
    "≤": "<=",
    "≥": ">=",
    "÷": "/",
    "×": "x",
    "·": ".",
    "“": '"',
    "”": '"',
    "‘": "'",
    "’": "'",
    "…": "...",
    "—": "-",
    "½": "1/2",
}


def _nearest(error: UnicodeError) -> tuple[str | bytes, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    lacking = error.object[error.start : error.end]
    plain = "".join(_NEAREST.get(sign) or unicodedata.normalize("NFKD", sign) for sign in lacking)
    return "".join(sign if _encodes(sign, error.encoding) else "?" for sign in plain), error.end


def _encodes(sign: str, encoding: str) -> bool:
    try:
        sign.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


def ready_streams() -> None:
    """Let a console that is not UTF-8 (GBK on Chinese Windows) show the nearest sign it has."""
    codecs.register_error("govlab-nearest", _nearest)
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="govlab-nearest")


@dataclass(frozen=True)
class Screen:
    """Where a command writes, and in which language; handed to every command as ``ctx.obj``."""

    lang: str

    def say(self, key: str, **values: object) -> str:
        """A sentence of the room ``cli``."""
        return say(f"cli.{key}", values, lang=self.lang)

    def line(self, text: str = "") -> None:
        """A plain line on standard output."""
        print(text, flush=True)

    def tell(self, key: str, **values: object) -> None:
        """A sentence of the room ``cli`` as a line."""
        self.line(self.say(key, **values))

    def error(self, text: str) -> None:
        """Lines on standard error."""
        print(text, file=sys.stderr, flush=True)

    def json(self, content: Any) -> None:
        """JSON for another program: UTF-8 as it is, escaped where the console has another encoding."""
        utf8 = codecs.lookup(getattr(sys.stdout, "encoding", None) or "ascii").name == "utf-8"
        print(json.dumps(content, ensure_ascii=not utf8, indent=1, default=str))

    @property
    def colon(self) -> str:
        """What stands between a name and what it is."""
        return "：" if self.lang == "zh" else ": "

    def console(self) -> Console:
        """A rich console on standard output; off a terminal it is wide enough for a table."""
        from rich.console import Console

        console = Console(highlight=False, markup=False, emoji=False)
        if not console.is_terminal:
            console.width = max(console.width, 120)
        return console

    def table(self, *heads: str, right: tuple[str, ...] = ()) -> Table:
        """An empty table with these headings; those in ``right`` hold figures. Print it with ``show``."""
        from rich.box import SIMPLE_HEAD
        from rich.table import Table

        table = Table(box=SIMPLE_HEAD, pad_edge=False)
        for head in heads:
            table.add_column(head, justify="right" if head in right else "left", overflow="fold")
        return table

    def show(self, table: Table) -> None:
        """Print a table."""
        self.console().print(table)
