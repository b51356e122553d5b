"""Reading an XLSForm workbook into a ``Questionnaire``; every fault is found before one error is raised.

XLSForm: https://xlsform.org/ (columns and question types as pyxform accepts them).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Literal, get_args

from govlab.errors import Fault, InputError
from govlab.survey.logic import LogicError, Node, parse
from govlab.survey.questionnaire import (
    OUTSIDE,
    Group,
    Kind,
    Measure,
    Option,
    Question,
    Questionnaire,
    Role,
    Words,
)
from govlab.survey.wording import plain
from govlab.survey.xlsform_sheets import NO, YES, Row, Sheet, read_sheets, words

_KINDS: Mapping[str, Kind] = {
    "integer": "number",
    "int": "number",
    "decimal": "number",
    "range": "number",
    "text": "text",
    "string": "text",
    "barcode": "text",
    "date": "date",
    "datetime": "date",
    "dateTime": "date",
    "time": "text",
    "note": "note",
    "acknowledge": "text",
    "geopoint": "place",
    "geotrace": "place",
    "geoshape": "place",
    "start-geopoint": "place",
    "image": "file",
    "audio": "file",
    "video": "file",
    "file": "file",
    **dict.fromkeys(
        (
            "calculate",
            "hidden",
            "start",
            "end",
            "today",
            "deviceid",
            "username",
            "email",
            "phonenumber",
            "simserial",
            "subscriberid",
            "audit",
            "background-audio",
            "xml-external",
            "csv-external",
        ),
        "hidden",
    ),
}
_CHOICE = re.compile(r"(select_one|select one|select_multiple|select multiple|rank)\s+(\S+)(\s+or_other)?")
_CHOICE_KINDS: Mapping[str, Kind] = {"select_one": "one", "select_multiple": "many", "rank": "rank"}
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_OTHER = Words(zh="其他", en="Other")


def read_questionnaire(path: Path) -> Questionnaire:
    """The questionnaire in a workbook with the sheets ``survey``, ``choices`` and ``settings``.

    InputError lists every fault with sheet and cell.
    """
    path = Path(path)
    reader = _Reader(path.name)
    sheets = read_sheets(path, reader.faults)
    lists = reader.lists(sheets.get("choices"))
    questions = reader.questions(sheets["survey"], lists)
    if reader.faults:
        raise InputError(reader.faults)
    settings = next(iter(sheets["settings"].rows), (0, {}))[1] if "settings" in sheets else {}
    title = words(settings, "form_title")
    return Questionnaire(
        title=title,
        form_id=settings.get("form_id") or settings.get("id_string") or path.stem,
        version=settings.get("version", ""),
        questions=tuple(questions),
        source=path.name,
    )


@dataclass
class _Reader:
    """Collects what is read, and what is wrong with it."""

    file: str
    faults: list[Fault] = field(default_factory=list)

    def fault(self, key: str, sheet: str, cell: str = "", **values: object) -> None:
        where = (self.file, sheet, cell) if cell else (self.file, sheet) if sheet else (self.file,)
        self.faults.append(Fault(f"survey_intake.form.{key}", values, where))

    # -- choices --------------------------------------------------------------------------------

    def lists(self, sheet: Sheet | None) -> dict[str, tuple[Option, ...]]:
        """The lists of choices by name."""
        found: dict[str, list[Option]] = {}
        for place, row in sheet.rows if sheet is not None else ():
            at = f"{sheet.letters.get('name', 'A')}{place}" if sheet is not None else ""
            list_name, name = row.get("list_name") or row.get("list name", ""), row.get("name", "")
            if not list_name and not name:
                continue
            if not list_name or not name:
                self.fault("choice_incomplete", "choices", at)
                continue
            options = found.setdefault(list_name, [])
            option = Option(
                name=name,
                label=words(row, "label"),
                outside=self._outside(row, place),
                other_text=self._yes(row, "other_text", "choices", place),
            )
            self._check_option(option, options, list_name, at)
            options.append(option)
        return {name: tuple(options) for name, options in found.items()}

    def _outside(self, row: Row, place: int) -> Any:
        given = row.get("outside_scale", "").strip().lower()
        if given in NO:
            return None
        if given in YES:
            return "dont_know"
        if given in OUTSIDE:
            return given
        self.fault(
            "word", "choices", str(place), column="outside_scale", got=given, allowed=", ".join(OUTSIDE)
        )
        return None

    def _check_option(self, option: Option, before: Sequence[Option], list_name: str, at: str) -> None:
        if not option.label.both():
            self.fault("choice_label", "choices", at, name=option.name)
        if any(character.isspace() for character in option.name):
            self.fault("choice_blank", "choices", at, name=option.name)
        for other in before:
            if other.name == option.name:
                self.fault("choice_twice", "choices", at, name=option.name, list=list_name)
            elif {plain(one) for one in other.label.both()} & {plain(one) for one in option.label.both()}:
                self.fault("label_twice", "choices", at, name=option.name, other=other.name, list=list_name)
            elif option.outside is not None and other.outside == option.outside:
                self.fault("outside_twice", "choices", at, name=option.name, other=other.name, list=list_name)

    # -- questions ------------------------------------------------------------------------------

    def questions(self, sheet: Sheet, lists: Mapping[str, tuple[Option, ...]]) -> list[Question]:
        """The questions of the sheet, groups and conditions resolved."""
        found: list[Question] = []
        open_groups: list[tuple[Group, tuple[Node, ...], int]] = []
        for place, row in sheet.rows:
            kind = " ".join(row.get("type", "").split())
            if kind in ("begin_group", "begin group"):
                group = Group(
                    name=row.get("name", ""),
                    label=words(row, "label"),
                    table="table-list" in row.get("appearance", ""),
                )
                own = self._logic(row, "relevant", place)
                above = open_groups[-1][1] if open_groups else ()
                open_groups.append((group, above + ((own,) if own else ()), place))
            elif kind in ("end_group", "end group"):
                if not open_groups:
                    self.fault("group_end", "survey", f"A{place}")
                else:
                    open_groups.pop()
            elif kind.startswith(("begin_repeat", "begin repeat", "end_repeat", "end repeat")):
                self.fault("repeat", "survey", f"A{place}")
            elif kind:
                group_now, conditions, _ = open_groups[-1] if open_groups else (None, (), 0)
                question = self._question(row, place, kind, lists, group_now, conditions)
                if question is not None:
                    found.append(question)
            elif row.get("name") or row.get("relevant"):
                self.fault("no_type", "survey", f"{sheet.letters.get('type', 'A')}{place}")
        for group, _, place in open_groups:
            self.fault("group_open", "survey", f"A{place}", name=group.name)
        self._check_names(found)
        found = _with_other_texts(found)
        self._check_columns(found)
        self._check_references(found)
        return found

    def _question(
        self,
        row: Row,
        place: int,
        type_: str,
        lists: Mapping[str, tuple[Option, ...]],
        group: Group | None,
        conditions: tuple[Node, ...],
    ) -> Question | None:
        name = row.get("name", "")
        if not _NAME.fullmatch(name) or len(name) > 64:
            self.fault("name", "survey", str(place), name=name)
            return None
        kind, list_name = self._kind(type_, place)
        if kind is None:
            return None
        options = lists.get(list_name, ())
        if list_name and not options:
            self.fault("no_list", "survey", str(place), list=list_name)
        if type_.endswith(" or_other") and options and not any(one.name == "other" for one in options):
            options = (*options, Option(name="other", label=_OTHER, other_text=True))
        label = words(row, "label")
        if not label.both() and kind not in ("hidden", "note") and not name.startswith("_"):
            self.fault("no_label", "survey", str(place), name=name)
        own = self._logic(row, "relevant" if "relevant" in row else "relevance", place)
        construct = row.get("construct", "")
        reverse = self._yes(row, "scale_reverse", "survey", place)
        measure = self._measure(row, place, kind, construct)
        if reverse and measure != "scale":
            self.fault("reverse", "survey", str(place), name=name)
        if measure == "scale":
            wrong = [
                one.name for one in options if one.outside is None and not re.fullmatch(r"-?\d+", one.name)
            ]
            if wrong:
                self.fault("scale_codes", "survey", str(place), name=name, wrong=", ".join(wrong))
                measure = "category"
        return Question(
            name=name,
            kind=kind,
            type=type_,
            label=label,
            options=options,
            list_name=list_name,
            group=group,
            measure=measure,
            relevant=conditions + ((own,) if own else ()),
            constraint=self._logic(row, "constraint", place),
            required=self._yes(row, "required", "survey", place),
            construct_name=construct,
            scale_reverse=reverse,
            role=self._word(row, "role", get_args(Role), place) or None,
            place=place,
        )

    def _kind(self, type_: str, place: int) -> tuple[Kind | None, str]:
        match = _CHOICE.fullmatch(type_)
        if match is not None:
            return _CHOICE_KINDS[match[1].replace(" ", "_")], match[2]
        kind = _KINDS.get(type_)
        if kind is None:
            near = get_close_matches(
                type_, (*_KINDS, *(f"{one} list" for one in _CHOICE_KINDS)), n=1, cutoff=0.3
            )
            self.fault("type", "survey", str(place), got=type_, near=near[0] if near else "text")
        return kind, ""

    def _measure(self, row: Row, place: int, kind: Kind, construct: str) -> Measure:
        given: Measure | Literal[""] = self._word(row, "measure", get_args(Measure), place)
        if given:
            return given
        if kind in ("one", "many", "rank"):
            return "scale" if construct and kind == "one" else "category"
        return kind if kind in ("number", "date") else "text"

    def _word(self, row: Row, column: str, allowed: Sequence[str], place: int) -> Any:
        given = row.get(column, "").strip()
        if given and given not in allowed:
            self.fault("word", "survey", str(place), column=column, got=given, allowed=", ".join(allowed))
            return ""
        return given

    def _yes(self, row: Row, column: str, sheet: str, place: int) -> bool:
        given = row.get(column, "").strip().lower()
        if given not in (*YES, *NO) and column != "required":
            self.fault("word", sheet, str(place), column=column, got=given, allowed="yes, no")
        return given in YES

    def _logic(self, row: Row, column: str, place: int) -> Node | None:
        text = row.get(column, "")
        if not text:
            return None
        try:
            return parse(text)
        except LogicError as error:
            self.fault("logic", "survey", str(place), column=column, text=text, at=str(error))
            return None

    # -- the whole ------------------------------------------------------------------------------

    def _check_names(self, questions: Sequence[Question]) -> None:
        for name, count in Counter(question.name.lower() for question in questions).items():
            if count > 1:
                places = [str(one.place) for one in questions if one.name.lower() == name]
                self.fault("name_twice", "survey", ", ".join(places), name=name)
        if not any(question.columns for question in questions):
            self.fault("empty", "survey")

    def _check_columns(self, questions: Sequence[Question]) -> None:
        counted = Counter(column for question in questions for column in question.columns)
        for column, count in counted.items():
            if count > 1:
                self.fault("column_clash", "survey", column=column)
        for question in questions:
            if question.role is not None and sum(one.role == question.role for one in questions) > 1:
                self.fault("role_twice", "survey", str(question.place), role=question.role)

    def _check_references(self, questions: Sequence[Question]) -> None:
        known = {question.name for question in questions}
        for question in questions:
            for node in (*question.relevant, *((question.constraint,) if question.constraint else ())):
                for name in sorted(node.references() - known):
                    near = get_close_matches(name, known, n=1)
                    values = {"name": name, "near": near[0] if near else "-"}
                    self.fault("reference", "survey", str(question.place), **values)


def _with_other_texts(questions: Sequence[Question]) -> list[Question]:
    """Join "other" with the text question that is asked only of those who chose it."""
    takes: dict[str, str] = {}
    for question in questions:
        if question.kind != "text" or not question.relevant:
            continue
        asked, option = _asked_if(question.relevant[-1])
        owner = next((one for one in questions if one.name == asked), None)
        if owner is None or owner.name in takes:
            continue
        chosen = next((one for one in owner.options if one.name == option), None)
        if chosen is not None and (chosen.other_text or option == "other"):
            takes[owner.name] = question.name
    found = []
    for question in questions:
        options = tuple(
            one.model_copy(update={"other_text": True})
            if one.name == "other" and question.name in takes
            else one
            for one in question.options
        )
        update: dict[str, object] = {"options": options}
        if question.name in takes:
            update["other_text"] = takes[question.name]
        found.append(question.model_copy(update=update))
    return found


def _asked_if(node: Node) -> tuple[str, str]:
    """``${q} = 'other'`` and ``selected(${q}, 'other')`` as (q, other); else two empty texts."""
    kinds = tuple(part.kind for part in node.parts)
    asks = (node.kind, node.value) in (("op", "="), ("call", "selected"))
    if asks and kinds == ("ref", "text"):
        return node.parts[0].value, node.parts[1].value
    return "", ""
