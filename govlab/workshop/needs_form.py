"""The training-needs form: what people can do, need and lack, on paper and as an XLSForm workbook."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field, model_validator

from govlab.data.definition import Model, Slug, Text, read_definition
from govlab.language import say
from govlab.workshop.printing import BOX, FOLDER, PRINTED, Paper, asked_formats

if TYPE_CHECKING:
    from govlab.survey.questionnaire import Questionnaire

FORMATS = (*PRINTED, "xlsx")


class Level(Model):
    """An answer offered, or a tier."""

    id: Annotated[str, Field(pattern=r"^[a-z0-9]+$")]
    text: Text


class Tier(Model):
    """Whom the form asks."""

    id: Slug
    name: Text


class Topic(Model):
    """Something the lessons teach: its words, its lessons, the tiers it matters to."""

    id: Annotated[str, Field(pattern=r"^[a-z]+$")]
    text: Text
    lessons: Annotated[tuple[str, ...], Field(min_length=1)]
    tiers: Annotated[tuple[str, ...], Field(min_length=1)]


class Asked(Model):
    """The three questions of every topic."""

    can: Text
    need: Text
    lack: Text


class Gap(Model):
    """Which answers make a gap: those of ``can`` and of ``need``, both given by one person."""

    can: tuple[str, ...]
    need: tuple[str, ...]


class NeedsForm(Model):
    """The whole form, as ``papers/needs.yaml`` holds it."""

    kind: Literal["training-needs"]
    title: Text
    intro: Text
    tiers: tuple[Tier, ...]
    asked: Asked
    can: tuple[Level, ...]
    need: tuple[Level, ...]
    lack: tuple[Level, ...]
    gap: Gap
    topics: Annotated[tuple[Topic, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _fits(self) -> NeedsForm:
        """Tiers and answers that are pointed at exist."""
        tiers = {one.id for one in self.tiers}
        for topic in self.topics:
            if not set(topic.tiers) <= tiers:
                raise ValueError(f"topic {topic.id}: tiers are {', '.join(sorted(tiers))}")
        for name in ("can", "need"):
            if not set(getattr(self.gap, name)) <= {one.id for one in getattr(self, name)}:
                raise ValueError(f"gap.{name}: no such answers")
        return self

    def of_tier(self, tier: str) -> tuple[Topic, ...]:
        """The topics that a tier is asked about."""
        return tuple(topic for topic in self.topics if tier in topic.tiers)


@lru_cache(maxsize=1)
def needs_form() -> NeedsForm:
    """The shipped form."""
    return read_definition(FOLDER / "needs.yaml", NeedsForm, "training-needs")


def write_needs(lang: str, formats: Sequence[str], out: Path) -> list[Path]:
    """Write the form into ``out``: a page a tier (docx, html), one workbook for all tiers (xlsx)."""
    wanted = asked_formats(formats, FORMATS, lang)
    printed = [one for one in wanted if one in PRINTED]
    form = needs_form()
    written = [path for tier in form.tiers if printed for path in paper(form, tier, lang).write(printed, out)]
    if "xlsx" in wanted:
        from govlab.data.atomic import write_whole

        path = out / "training-needs.xlsx"
        write_whole(path, workbook(form))
        written.append(path)
    return written


def paper(form: NeedsForm, tier: Tier, lang: str) -> Paper:
    """The page of one tier: what the numbers mean, then a row a topic with boxes to tick."""
    from govlab.blocks import Page
    from govlab.tables import Column, Table

    page = Page(lang)
    name = tier.name.in_language(lang)
    title = form.title.in_language(lang)
    title = say("workshop_papers.needs.title", {"title": title, "tier": name}, lang=lang)
    asked = form.asked
    legend = [
        (asked.can.in_language(lang), _listed(form.can, lang)),
        (asked.need.in_language(lang), _listed(form.need, lang)),
        (asked.lack.in_language(lang), _listed(form.lack, lang, letters=True)),
    ]
    columns = (
        Column("topic", say("workshop_papers.needs.topic", lang=lang)),
        *(Column(key, say(f"workshop_papers.needs.{key}", lang=lang)) for key in ("can", "need", "lack")),
    )
    numbers = [_boxes(one.id for one in levels) for levels in (form.can, form.need)]
    letters = _boxes(chr(ord("A") + place) for place in range(len(form.lack)))
    rows = tuple((topic.text.in_language(lang), *numbers, letters) for topic in form.of_tier(tier.id))
    caption = say("workshop_papers.needs.caption", lang=lang)
    parts = (
        page.opening(say("workshop_papers.needs.top", lang=lang), title, form.intro.in_language(lang)),
        page.definitions(legend),
        Table(columns, rows, caption, lang),
        page.text(say("workshop_papers.needs.else", lang=lang), "＿" * 24 if lang == "zh" else "_" * 60),
    )
    return Paper(f"training-needs-{tier.id}-{lang}", lang, title, parts)


def _listed(levels: Sequence[Level], lang: str, *, letters: bool = False) -> str:
    """``1 不会　2 有人带着会``; of letters ``A 知识　B 练习``."""
    marks = [chr(ord("A") + place) if letters else one.id for place, one in enumerate(levels)]
    words = [f"{mark} {one.text.in_language(lang)}" for mark, one in zip(marks, levels, strict=True)]
    return ("；" if lang == "zh" else "; ").join(words)


def _boxes(marks: Iterable[str]) -> str:
    # Spaces that do not break: a cell of boxes stays on one line.
    return "\u00a0\u00a0".join(f"{BOX}{mark}" for mark in marks)


def workbook(form: NeedsForm) -> bytes:
    """The form as an XLSForm workbook in both languages; a topic is asked of the tiers it matters to."""
    from openpyxl import Workbook

    from govlab.data.workbook import book_bytes

    labels = ("label::中文 (zh)", "label::English (en)")
    rows: list[tuple[str, ...]] = [
        ("note", "intro", form.intro.zh, form.intro.en, "", ""),
        ("select_one tier", "tier", *_both("workshop_papers.needs.tier"), "yes", ""),
    ]
    for topic in form.topics:
        asks = " or ".join(f"${{tier}} = '{one}'" for one in topic.tiers)
        rows.append(("begin_group", f"about_{topic.id}", topic.text.zh, topic.text.en, "", asks))
        for kind, name in (("select_one", "can"), ("select_one", "need"), ("select_multiple", "lack")):
            asked: Text = getattr(form.asked, name)
            zh, en = f"{topic.text.zh}——{asked.zh}？", f"{topic.text.en}: {asked.en}?"
            rows.append((f"{kind} {name}", f"{name}_{topic.id}", zh, en, "", ""))
        rows.append(("end_group", "", "", "", "", ""))
    choices = [("tier", one.id, one.name.zh, one.name.en) for one in form.tiers]
    for name in ("can", "need", "lack"):
        choices += [(name, one.id, one.text.zh, one.text.en) for one in getattr(form, name)]
    book = Workbook()
    book.remove(book.worksheets[0])
    title = form.title
    for name, head, body in (
        ("survey", ("type", "name", *labels, "required", "relevant"), rows),
        ("choices", ("list_name", "name", *labels), choices),
        (
            "settings",
            ("form_title", "form_id", "version", "default_language"),
            [(f"{title.zh} / {title.en}", "training_needs", "1", "中文 (zh)")],
        ),
    ):
        sheet = book.create_sheet(name)
        for row in (head, *body):
            sheet.append([cell or None for cell in row])
        sheet.freeze_panes = "A2"
        for letter, width in zip("ABCD", (22, 20, 48, 48), strict=True):
            sheet.column_dimensions[letter].width = width
    return book_bytes(book)


def _both(key: str) -> tuple[str, str]:
    return say(key, lang="zh"), say(key, lang="en")


@lru_cache(maxsize=1)
def questionnaire() -> Questionnaire:
    """The shipped form as the reader of questionnaires has it from the workbook."""
    from tempfile import TemporaryDirectory

    from govlab.survey.xlsform import read_questionnaire

    with TemporaryDirectory(prefix="govlab-needs-") as folder:
        path = Path(folder) / "training-needs.xlsx"
        path.write_bytes(workbook(needs_form()))
        return read_questionnaire(path)
