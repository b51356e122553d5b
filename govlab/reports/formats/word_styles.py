"""The named styles of a Word report and the layout of its page, for each language.

Chinese: after GB/T 9704-2012 (A4, margins 37/35/28/26 mm, title 22 pt, body 16 pt on 28 pt lines).
English: as sober, in a serif of 11.5 pt. Fonts are named, none is shipped.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

# Faces that are not on every machine, and what Word takes in their stead.
STAND_INS = {
    "方正小标宋简体": "宋体",
    "仿宋": "FangSong",
    "楷体": "KaiTi",
    "黑体": "SimHei",
    "宋体": "SimSun",
}
STRESS = "楷体"  # the face of stressed words in Chinese
ROMAN, PLAIN = "Times New Roman", "Arial"
_SOFT, _DARK = "5A6472", "404850"


@dataclass(frozen=True)
class Face:
    """A pair of fonts: for Chinese and for Latin letters."""

    chinese: str
    latin: str


@dataclass(frozen=True)
class Style:
    """A style of the reference document; lengths in points; no face or size: those around it.

    lines: exact distance of lines, or 0 for the natural one times ``stretch``.
    rule: borders as ``side:eighths of a point:colour``, several with blanks between.
    together: no space between paragraphs of this style.
    """

    name: str
    face: Face | None
    size: float
    kind: str = "paragraph"
    based: str = ""
    align: str = "left"
    lines: float = 0
    stretch: float = 1.0
    before: float = 0
    after: float = 0
    left: float = 0
    hanging: float = 0
    first_characters: int = 0
    bold: bool = False
    italic: bool = False
    colour: str = ""
    shade: str = ""
    rule: str = ""
    keep_next: bool = False
    keep_lines: bool = False
    outline: int | None = None
    together: bool = False

    @property
    def id(self) -> str:
        """The id that Word knows: the name without blanks, with a capital."""
        bare = self.name.replace(" ", "")
        return bare[:1].upper() + bare[1:]


@dataclass(frozen=True)
class Layout:
    """Page and type of one language; margins in millimetres, type in points."""

    top: float
    bottom: float
    left: float
    right: float
    body: Face
    title: Face
    head: Face
    second: Face  # second headings, and what is set apart from the body
    table: Face
    size: float
    lines: float
    align: str
    read: float  # size of cards, gist and facts
    read_lines: float
    small: float
    footer: str  # with {page}

    @property
    def column(self) -> float:
        """Width of the text in millimetres on A4."""
        return 210 - self.left - self.right


# fmt: off
# Laid out by hand: a style a line, as in a table.
LAYOUTS = {
    "zh": Layout(
        37, 35, 28, 26,
        body=Face("仿宋", ROMAN), title=Face("方正小标宋简体", ROMAN), head=Face("黑体", PLAIN),
        second=Face("楷体", ROMAN), table=Face("宋体", ROMAN),
        size=16, lines=28, align="both", read=14, read_lines=22, small=10.5, footer="— {page} —",
    ),
    "en": Layout(
        25.4, 25.4, 25.4, 25.4,
        body=Face("宋体", ROMAN), title=Face("黑体", PLAIN), head=Face("黑体", PLAIN),
        second=Face("宋体", ROMAN), table=Face("宋体", PLAIN),
        size=11.5, lines=0, align="left", read=11, read_lines=0, small=9, footer="{page}",
    ),
}

_CHIPS = {
    "ok": ("2B5F3A", "EEF6F0"), "bad": ("8F3D06", "FDF3EA"), "amb": ("5B4A00", "FBF7E3"),
    "no": ("4A5361", "F4F6F9"), "der": ("1B4A80", "EEF4FB"), "int": ("1B4A80", "FFFFFF"),
}


def styles_of(lang: str) -> tuple[Style, ...]:
    """Every style of one language."""
    zh, at = lang == "zh", LAYOUTS[lang]
    groups = (_flow(zh, at), _headings(zh, at), _parts(zh, at), _tables(zh, at), _characters(zh, at))
    return tuple(style for group in groups for style in group)


def _flow(zh: bool, at: Layout) -> Iterator[Style]:
    normal = Style("Normal", at.body, at.size, align=at.align, lines=at.lines, stretch=1.15,
                   after=0 if zh else 7)
    body = replace(normal, name="Body Text", based="Normal", first_characters=2 if zh else 0)
    yield normal
    yield body
    yield replace(body, name="First Paragraph", based="BodyText")
    # Items of lists; a first-line indent would win over the list's own.
    yield replace(body, name="Compact", based="BodyText", first_characters=0, after=0 if zh else 3)
    yield replace(body, name="Block Text", based="BodyText", face=at.second, left=2 * at.size,
                  first_characters=0, italic=not zh)
    yield Style("Source Code", Face(at.body.chinese, "Consolas"), at.small, before=4, after=8, shade="F4F6F9")
    yield Style("footer", at.table, 14 if zh else 9.5, align="center")


def _headings(zh: bool, at: Layout) -> Iterator[Style]:
    yield Style("Title", at.title, 22 if zh else 19, align="center" if zh else "left", lines=32 if zh else 0,
                before=14, after=12 if zh else 6, keep_next=True, bold=not zh)
    yield Style("Subtitle", at.second, 14 if zh else 11, lines=at.read_lines, after=16, colour=_DARK)
    ranks = [(at.head, 16, False), (at.second, 16, False), (at.body, 16, True)]
    if not zh:
        ranks = [(at.head, 14, True), (at.head, 12, True), (at.head, 11, True)]
    for level in range(1, 7):
        face, size, bold = ranks[min(level, 3) - 1]
        yield Style(f"heading {level}", face, size, lines=at.lines, before=14 if level == 1 else 8,
                    after=4 if zh else 6, bold=bold, keep_next=True, keep_lines=True, outline=level - 1,
                    first_characters=2 if zh else 0)


def _parts(zh: bool, at: Layout) -> Iterator[Style]:
    read = Style("", at.body, at.read, lines=at.read_lines, stretch=1.15, keep_lines=True)
    chip = 76 if zh else 104  # room for the widest chip
    yield Style("Top Line", at.head, at.small, after=6, rule="bottom:4:C9D3E0", colour=_SOFT)
    yield replace(read, name="Gist", face=at.second, before=2, after=2, left=30, hanging=18, shade="F4F6F9",
                  rule="left:24:1F5FA8")
    yield Style("Banner", at.head, 12 if zh else 10.5, before=6, after=10, left=6, shade="FDF3EA",
                colour="7A3404", keep_lines=True,
                rule="top:6:C8641B bottom:6:C8641B left:36:C8641B right:6:C8641B")
    yield Style("Note", at.table if zh else at.body, 10.5 if zh else 9.5, align=at.align, before=3, after=8,
                colour=_DARK)
    alone = replace(read, name="Check Alone", stretch=1.0, before=8, left=chip, hanging=chip)
    yield alone
    yield replace(alone, name="Check", keep_next=True)
    yield replace(read, name="Check Detail", size=12 if zh else 10.5, lines=20 if zh else 0, stretch=1.0,
                  left=chip, colour=_DARK)
    yield replace(read, name="Question", face=at.second, before=6, after=6, left=12, rule="left:24:8FA3BD")
    yield from _handout(zh, at, read)
    yield replace(read, name="Facts", stretch=1.1, after=3, left=96, hanging=96)
    yield Style("Reference", at.table if zh else at.body, 12 if zh else 10.5, lines=20 if zh else 0, after=3,
                left=30, hanging=30)
    yield Style("Last Lines", at.table if zh else at.body, at.small, stretch=1.2, before=24, colour=_SOFT,
                rule="top:4:C9D3E0", together=True)


def _handout(zh: bool, at: Layout, read: Style) -> Iterator[Style]:
    """An exercise, an answer to tick, a line to write on, what a cell printed, what the trainer gets."""
    yield replace(read, name="Exercise", face=at.second, before=10, after=6, left=12, rule="left:24:8FA3BD",
                  keep_next=True)
    yield replace(read, name="Option", left=24, keep_next=True)
    line = Style("Write", at.body, at.read, lines=34 if zh else 28, colour=_SOFT, keep_lines=True,
                 rule="bottom:4:8FA3BD between:4:8FA3BD")
    yield line
    yield replace(line, name="Write On", keep_next=True)
    yield Style("Output Line", at.body, 12 if zh else 10.5, lines=20 if zh else 0, after=3, left=18,
                hanging=12)
    yield replace(read, name="Trainer", before=6, after=8, left=12, shade="EEF4FB", rule="left:24:1F5FA8")


def _tables(zh: bool, at: Layout) -> Iterator[Style]:
    caption = Style("Table Caption", at.head, 12 if zh else 10, align="center" if zh else "left", before=10,
                    after=4, keep_next=True, keep_lines=True, bold=not zh)
    figure = Style("Figure", at.body, at.size, align="center", after=2)
    yield from (caption, replace(caption, name="Figure Caption"), replace(caption, name="Image Caption"))
    yield from (figure, replace(figure, name="Captioned Figure"))
    text = Style("Table Text", at.table, 10.5 if zh else 9.5, before=2, after=2)
    head = replace(text, name="Table Head", face=at.head if zh else at.table, bold=not zh, keep_next=True)
    yield Style("After Table", at.body, 4, lines=10)
    for one in (head, text):
        yield one
        yield replace(one, name=f"{one.name} Number", align="right")
        yield replace(one, name=f"{one.name} Part", left=1.5 * one.size)


def _characters(zh: bool, at: Layout) -> Iterator[Style]:
    chip = Style("", at.head, 12 if zh else 9, "character", bold=not zh)
    for name, (colour, shade) in _CHIPS.items():
        yield replace(chip, name=f"Chip {name}", colour=colour, shade=shade)
    yield Style("Mark", at.head, 9 if zh else 8, "character", colour=_SOFT)
    yield Style("Fact Term", at.head if zh else at.body, at.read, "character", colour=_DARK)
    yield Style("Verbatim Char", Face(at.body.chinese, "Consolas"), 0, "character")
    yield Style("Hyperlink", None, 0, "character", colour="1F5FA8")
