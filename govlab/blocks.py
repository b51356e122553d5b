"""The parts of a report page other than tables and figures, and the page that numbers them all.

Each part displays as a clean HTML fragment, built of a small set of classes that every output
format knows. Whatever comes from data is escaped here.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from govlab.plots import Figure
    from govlab.tables import Table

MIME = "application/vnd.govlab.page+json"


@dataclass(frozen=True, eq=False)
class Block:
    """A fragment of a page; shows itself in a notebook."""

    html: str
    plain: str = ""
    data: dict[str, Any] | None = None

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, Any]:
        bundle: dict[str, Any] = {"text/html": self.html, "text/plain": self.plain}
        return bundle | (self.data or {})


def show(*parts: Block | Table | Figure) -> None:
    """Display the parts in a notebook, in order."""
    from IPython.display import display

    for part in parts:
        display(part)


class Page:
    """A report being written: numbers its tables and figures and knows the anchors on it.

    lang: ``zh`` or ``en``. linked: fact ids that will have an anchor on the page.
    """

    def __init__(self, lang: str, linked: Iterable[str] = ()) -> None:
        self.lang = lang
        self.linked = frozenset(linked)
        self._tables = 0
        self._figures = 0
        self._sections = 0

    def opening(self, top: str, title: str, basis: str) -> Block:
        """Top line (what this is, what kind of evidence), title, basis in one sentence."""
        html = (
            f'<header class="gl-top"><span>{escape(top)}</span></header>'
            f'<h1 class="gl-title">{escape(title)}</h1><p class="gl-sub">{escape(basis)}</p>'
        )
        return Block(html, title, {MIME: {"title": title, "lang": self.lang}})

    def banner(self, text: str) -> Block:
        """A warning across the page."""
        return Block(f'<div class="gl-banner">{escape(text)}</div>', text)

    def gist(self, sentences: Sequence[str]) -> Block:
        """The summary: a few numbered sentences."""
        items = "".join(f"<li>{escape(one)}</li>" for one in sentences)
        return Block(f'<div class="gl-gist"><ol>{items}</ol></div>', "\n".join(sentences))

    def section(self, title: str) -> Block:
        """A numbered section heading: 一、 in Chinese, 1. in English."""
        self._sections += 1
        mark = f"{chinese_number(self._sections)}、" if self.lang == "zh" else f"{self._sections}. "
        return Block(f"<h2>{mark}{escape(title)}</h2>", title)

    def heading(self, title: str) -> Block:
        """A heading below a section, without a number."""
        return Block(f"<h3>{escape(title)}</h3>", title)

    def text(self, *paragraphs: str) -> Block:
        """Paragraphs of prose."""
        return Block("".join(f"<p>{escape(one)}</p>" for one in paragraphs), "\n".join(paragraphs))

    def note(self, text: str) -> Block:
        """Small print: what was computed, what is left out and why."""
        return Block(f'<p class="gl-note">{escape(text)}</p>', text)

    def points(self, items: Sequence[str], *, ordered: bool = False) -> Block:
        """A list of sentences."""
        tag = "ol" if ordered else "ul"
        return Block(
            f"<{tag}>{''.join(f'<li>{escape(one)}</li>' for one in items)}</{tag}>", "\n".join(items)
        )

    def definitions(self, pairs: Sequence[tuple[str, str]]) -> Block:
        """Terms and what is said of each."""
        rows = "".join(f"<dt>{escape(term)}</dt><dd>{escape(said)}</dd>" for term, said in pairs)
        return Block(f'<dl class="gl-facts">{rows}</dl>', "\n".join(f"{a}: {b}" for a, b in pairs))

    def card(self, chip: str, style: str, sentence: str, arithmetic: Sequence[str] = ()) -> Block:
        """A check: a chip with the verdict, one sentence, the arithmetic.

        style: ``ok``, ``bad``, ``amb``, ``no``, ``der`` or ``int``.
        """
        if style not in ("ok", "bad", "amb", "no", "der", "int"):
            raise ValueError(f"style must be one of ok, bad, amb, no, der, int; got {style!r}")
        lines = "".join(f'<p class="gl-arith">{escape(one)}</p>' for one in arithmetic)
        html = (
            f'<div class="gl-check"><span class="gl-chip gl-{style}">{escape(chip)}</span>'
            f"<div><p>{escape(sentence)}</p>{lines}</div></div>"
        )
        return Block(html, f"[{chip}] {sentence}")

    def question(self, text: str, answer: str | None = None) -> Block:
        """A teaching question; with its answer, or without."""
        said = f'<p class="gl-note">{escape(answer)}</p>' if answer else ""
        return Block(f'<div class="gl-question"><p>{escape(text)}</p>{said}</div>', text)

    def references(self, citations: Sequence[str]) -> Block:
        """The list of references, numbered [1], [2] ..."""
        items = "".join(f"<li>{escape(one)}</li>" for one in citations)
        return Block(f'<ol class="gl-refs">{items}</ol>', "\n".join(citations))

    def closing(self, lines: Sequence[str]) -> Block:
        """The last lines: versions, checksum, date."""
        return Block(f'<footer class="gl-foot">{"<br>".join(map(escape, lines))}</footer>', "\n".join(lines))

    def table(self, table: Table) -> Table:
        """The table with the next number on this page."""
        self._tables += 1
        return table.numbered(self._tables, self.linked)

    def figure(self, figure: Figure) -> Figure:
        """The figure with the next number on this page."""
        self._figures += 1
        return figure.numbered(self._figures)


def chinese_number(number: int) -> str:
    """1 to 99 in Chinese numerals: 一, 十, 十二, 二十三; ValueError outside."""
    if not 1 <= number <= 99:
        raise ValueError(f"number must be between 1 and 99, got {number}")
    digits = "零一二三四五六七八九"
    tens, ones = divmod(number, 10)
    head = "" if tens == 0 else "十" if tens == 1 else f"{digits[tens]}十"
    return head + (digits[ones] if ones or not tens else "")
