"""Everything a folder of reports tells about cells of margins: read from pages, workbooks and alt texts.

Names of zones, models, waves, questions and answers are looked up in the study, so a number is known by
what stands around it: the report's title, the caption, the head of its column, the words of its row.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from govlab.disclosure import Mask
from govlab.errors import InputError
from govlab.study import Study
from govlab.studybook.answers import batteries
from govlab.studybook.names import Names
from govlab.survey.merged import group_label, three

NUMBER = re.compile(r"[+\-−<]?\s*\d[\d,]*(\.\d+)?\s*%?")
SHARE = re.compile(r"(.+?)\s(\d+)%(?:[，,]\s?|$)")
EVERYONE = ("全部", "全体", "所有", "All", "Overall", "Everyone")
THREE = (("low", (1, 2)), ("middle", (3,)), ("high", (4, 5)))
By = tuple[tuple[str, object], ...]


@dataclass(frozen=True)
class Cell:
    """A cell that a report gives a number of: columns and values, question, and answer (True: its mean)."""

    by: By
    item: str = ""
    answer: object = True


@dataclass(frozen=True)
class Told:
    """The cells that one number may be about (a name may belong to two questions), and where it stands."""

    cells: tuple[Cell, ...]
    where: str


@dataclass(frozen=True, eq=False)
class Sheet:
    """A table as it is printed: caption, heads, rows of texts."""

    caption: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, eq=False)
class Words:
    """What a study calls things in one language."""

    study: Study
    lang: str

    @cached_property
    def names(self) -> Names:
        return Names(self.study, self.lang)

    @cached_property
    def zones(self) -> dict[str, str]:
        return {self.names.zone(one): one for one in self.names.zones}

    @cached_property
    def models(self) -> dict[str, str]:
        return {self.names.model(one): one for one in self.names.models}

    @cached_property
    def waves(self) -> dict[str, int]:
        return {self.names.wave(one): one for one in self.study.waves}

    @cached_property
    def items(self) -> dict[str, tuple[str, ...]]:
        """Label -> the columns that carry it."""
        form = self.study.questionnaire
        assert form is not None
        found: dict[str, list[str]] = {}
        for name in [*form.constructs, *form.owners]:
            found.setdefault(self.names.item(name), []).append(name)
        for question in form:
            found.setdefault(self.names.in_group(question), []).append(question.name)
        return {label: tuple(dict.fromkeys(names)) for label, names in found.items() if label}

    @cached_property
    def headings(self) -> dict[str, frozenset[str]]:
        """Heading of a battery -> its questions."""
        assert self.study.questionnaire is not None
        return {
            heading: frozenset(one.name for one in questions)
            for heading, questions in batteries(self.study.questionnaire, self.names)
        }

    def answers(self, item: str) -> dict[str, list[object]]:
        """Words of an answer, or of several together -> its value, and the name of their group."""
        form = self.study.questionnaire
        assert form is not None
        question = form.question(item) if form.has(item) else None
        if question is None:
            return {}
        found: dict[str, list[object]] = {}
        for option in question.inside:
            value = int(option.name) if question.measure == "scale" else option.name
            found.setdefault(option.label.in_language(self.lang), []).append(value)
        for name, levels in three(question.scale) if question.scale else ():
            found.setdefault(group_label(question, levels, self.lang), []).append(name)
        return found

    def find(self, text: str) -> dict[str, list[object]]:
        """Everything a text names; of names within names the longer."""
        found: dict[str, list[object]] = {}
        for kind, known in (("zone", self.zones), ("model", self.models), ("wave", self.waves)):
            left = text
            for label in sorted(known, key=len, reverse=True):
                if label in left:
                    found.setdefault(kind, []).append(known[label])
                    left = left.replace(label, " ")
        plain = re.sub(r"（反向）|\s?\(reversed\)", "", text).strip()
        if plain in self.items:
            found["item"] = list(self.items[plain])
        else:
            quoted = [
                one for one in self.items if any(f"{a}{one}{b}" in text for a, b in ("“”", '""', "「」"))
            ]
            if quoted:
                found["item"] = list(self.items[max(quoted, key=len)])
        return found


def pages(path: Path) -> tuple[str, list[Sheet], list[tuple[str, str]]]:
    """Title and basis of a page, its tables, its figures as (caption, alternative text)."""
    from bs4 import BeautifulSoup

    page = BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")
    title = page.h1.get_text(" ", strip=True) if page.h1 else ""
    basis = page.h1.find_next("p") if page.h1 else None
    sheets = []
    for table in page.find_all("table"):
        lines = [
            tuple(cell.get_text(" ", strip=True) for cell in row.find_all(["th", "td"]))
            for row in table.find_all("tr")
        ]
        caption = table.caption.get_text(strip=True) if table.caption else ""
        if lines:
            sheets.append(Sheet(caption, lines[0], tuple(lines[1:])))
    figures = [
        (one.figcaption.get_text(strip=True), str(one.img.get("alt"))) for one in page.find_all("figure")
    ]
    return f"{title}\n{basis.get_text(' ', strip=True) if basis else ''}", sheets, figures


def book(path: Path) -> list[Sheet]:
    """The tables of a workbook: caption in the first row, heads in the fourth."""
    from openpyxl import load_workbook

    file = load_workbook(path, read_only=True)
    found = []
    for sheet in file:
        lines = [
            tuple("" if cell is None else str(cell) for cell in row)
            for row in sheet.iter_rows(values_only=True)
        ]
        if len(lines) > 4:
            found.append(Sheet(lines[0][0], lines[3], tuple(lines[4:])))
    file.close()
    return found


def told(folder: Path, study: Study) -> Iterator[Told]:
    """Every number of a cell in every page and workbook of a folder; ``-zh`` and ``-en`` say the language."""
    for path in sorted(folder.rglob("*.html")):
        lang = path.stem.rsplit("-", 1)[-1]
        if lang not in ("zh", "en"):
            continue
        words = Words(study, lang)
        title, sheets, figures = pages(path)
        about = words.find(title)
        workbook = path.with_suffix(".xlsx")
        more = book(workbook) if workbook.is_file() else []
        for name, some in ((path.name, sheets), (workbook.name, more)):
            for sheet in some:
                yield from _of_sheet(words, about, sheet, name)
        for caption, alt in figures:
            yield from _of_figure(words, about, caption, alt, path.name)


def _of_sheet(words: Words, about: dict[str, list[object]], sheet: Sheet, name: str) -> Iterator[Told]:
    above = words.find(sheet.caption)
    for row in sheet.rows:
        beside: dict[str, list[object]] = {}
        for text in row:
            for kind, values in words.find(text).items():
                beside.setdefault(kind, []).extend(values)
        whole = any(text in EVERYONE for text in row[:1])
        for head, text in zip(sheet.heads, row, strict=False):
            if NUMBER.fullmatch(text.strip()) is None:
                continue
            over = words.find(head)
            everyone = whole or (not over and head.startswith(EVERYONE))
            asked = _answer(words, {**above, **beside, **over}, row)
            where = f"{name}: {sheet.caption} | {' | '.join(row)} [{head}]"
            yield from _cells(
                words, about, above, beside, over, asked, sheet.caption, where, everyone=everyone
            )


def _answer(words: Words, around: dict[str, list[object]], row: Sequence[str]) -> str:
    """The words of the answer that a row of shares is about; none where it is about a mean or a count."""
    known = [words.answers(str(item)) for item in around.get("item", [])]
    return next((text for text in row[1:3] if any(text in one for one in known)), "")


def _of_figure(
    words: Words, about: dict[str, list[object]], caption: str, alt: str, name: str
) -> Iterator[Told]:
    colon, stop = ("：", "；") if words.lang == "zh" else (": ", "; ")
    above = words.find(caption)
    for heading in words.headings:
        if heading in caption and heading in words.items:
            above["item"] = list(words.items[heading])
    for entry in alt.split(stop):
        label, _, rest = entry.partition(colon)
        if not rest:  # an interval: its label, then its number
            label, rest = re.split(r"\s[-−]?\d", entry, maxsplit=1)[0], entry
        beside = words.find(label)
        everyone = not beside and label.startswith(EVERYONE)  # "All in all ..." is a question
        where = f"{name}: {caption} | {entry}"
        shares = {text: share for text, share in SHARE.findall(rest)}
        if not shares:
            over = words.find(rest) if colon in entry else {}
            yield from _cells(words, about, above, beside, over, "", caption, where, everyone=everyone)
            continue
        for text in shares:
            known = [words.answers(str(item)) for item in beside.get("item", above.get("item", []))]
            if any(text in one for one in known):
                yield from _cells(words, about, above, beside, {}, text, caption, where, everyone=everyone)


def _cells(
    words: Words,
    about: dict[str, list[object]],
    above: dict[str, list[object]],
    beside: dict[str, list[object]],
    over: dict[str, list[object]],
    answer: str,
    caption: str,
    where: str,
    *,
    everyone: bool,
) -> Iterator[Told]:
    """The nearest words decide: head of the column, row, caption, report."""

    def near(kind: str) -> list[object]:
        return over.get(kind) or beside.get(kind) or above.get(kind) or []

    waves = near("wave") or about.get("wave", [])[-1:] or [max(words.study.waves)]
    items = [str(one) for one in near("item")]
    for heading, inside in words.headings.items():
        if heading in caption and any(one in inside for one in items):
            items = [one for one in items if one in inside]
    places: list[By] = [((name, one),) for name in ("zone", "model") for one in near(name)]
    if not places and not everyone and about.get("zone"):
        places = [(("zone", about["zone"][0]),)]
    for wave in waves:
        for place in places or [()]:
            by = tuple(sorted((*place, ("wave", wave))))
            cells = [
                Cell(by, item, one)
                for item in items
                for one in (words.answers(item).get(answer, []) if answer else [True])
            ]
            yield Told(tuple(cells) or (Cell(by),), where)


def shown(mask: Mask, cell: Cell) -> bool:
    """Whether the mask shows a cell, or all answers of a group by themselves; cells of no margin are not."""
    try:
        return mask.shows(dict(cell.by), cell.item, cell.answer)
    except InputError:
        pass
    levels = dict(THREE).get(str(cell.answer), ())
    try:
        return bool(levels) and all(mask.shows(dict(cell.by), cell.item, one) for one in levels)
    except InputError:
        return False
