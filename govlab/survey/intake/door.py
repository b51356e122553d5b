"""The door for a study: files in; clean Parquet, a quality workbook and a page out."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING, Any

from govlab.data.atomic import write_whole
from govlab.errors import Fault, InputError
from govlab.language import LANGUAGES
from govlab.survey.intake.archive import Limits
from govlab.survey.intake.mapping import Settled, mapping_bytes, read_mapping, updated
from govlab.survey.intake.page import page
from govlab.survey.intake.raw import nothing
from govlab.survey.intake.read import read_responses
from govlab.survey.intake.report import IntakeReport
from govlab.survey.intake.sources import SUFFIXES
from govlab.survey.quality import Quality, quality
from govlab.survey.questionnaire import Questionnaire
from govlab.survey.responses import Responses, together
from govlab.survey.xlsform import read_questionnaire

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, eq=False)
class DoorResult:
    """What came in, what is to be known of it, and what was written (name -> path)."""

    responses: Responses
    quality: Quality
    written: Mapping[str, Path]
    mapping: Path | None = None

    def page(self, lang: str) -> str:
        """The page a person reads."""
        name = self.mapping.name if self.mapping is not None else "mapping.xlsx"
        return page(self.responses, self.quality, lang=lang, mapping=name)


def run_door(
    questionnaire: Path | Questionnaire,
    files: Sequence[Path],
    out: Path,
    *,
    mapping: Path | None = None,
    keep: Mapping[str, str] | None = None,
    carry: Sequence[str] = (),
    plan: Mapping[str, float] | None = None,
    zone: str | None = None,
    groups: Sequence[str] = (),
    exclude: Mapping[str, str] | None = None,
    limits: Limits | None = None,
) -> DoorResult:
    """Read every file, join them, look at their quality, write what comes of it into ``out``.

    Writes ``responses.parquet``, ``quality.xlsx``, ``intake.md`` (both languages) and ``intake.json``;
    and ``mapping``, if it is named, when there is something in it that was not there before. exclude:
    flag -> declared reason; those rows are left out and counted. InputError lists the faults of all files.
    """
    form = questionnaire if isinstance(questionnaire, Questionnaire) else read_questionnaire(questionnaire)
    settled = read_mapping(mapping, form) if mapping is not None and mapping.exists() else Settled()
    responses = read_files(files, form, settled, keep=keep, carry=carry, limits=limits)
    responses = leave_out(responses, exclude or {})
    seen = quality(responses, plan=plan, zone=zone, groups=groups)
    if exclude:
        # Nobody becomes too fast because others, faster still, were left out.
        seen = replace(seen, flags=responses.flags[list(seen.flags.columns)])
    result = DoorResult(responses.with_flags(seen.flags), seen, _places(out), mapping)
    if mapping is not None:
        now = updated(settled, responses.reports, form)
        if (now.lines, now.values) != (settled.lines, settled.values):
            write_whole(mapping, mapping_bytes(now, form))
    _write(result, result.written)
    return result


def leave_out(responses: Responses, declared: Mapping[str, str]) -> Responses:
    """Without the rows that somebody declared to be left out by their flag; InputError for unknown flags."""
    if not declared:
        return responses
    flagged = responses.with_flags(quality(responses).flags)
    known = ", ".join(flagged.flags.columns)
    faults = [
        Fault("survey_intake.exclude.unknown", {"flag": flag, "allowed": known})
        for flag in declared
        if flag not in flagged.flags
    ]
    if faults:
        raise InputError(faults)
    return flagged.exclude(declared)


def read_files(
    files: Sequence[Path],
    questionnaire: Questionnaire,
    settled: Settled,
    *,
    keep: Mapping[str, str] | None = None,
    carry: Sequence[str] = (),
    limits: Limits | None = None,
) -> Responses:
    """The responses of several files as one; InputError lists the faults of all of them."""
    if not files:
        raise InputError(Fault("survey_intake.file.none", {"suffixes": ", ".join(SUFFIXES)}))
    faults: list[Fault] = []
    parts: list[Responses] = []
    for file in files:
        try:
            parts.append(read_responses(file, questionnaire, settled, keep=keep, carry=carry, limits=limits))
        except InputError as error:
            faults.extend(error.faults)
    faults.extend(_same_survey_twice(parts))
    if faults:
        raise InputError(faults)
    return together(_own_ids(parts))


def _same_survey_twice(parts: Sequence[Responses]) -> list[Fault]:
    """Both forms of one export in one folder would double every respondent."""
    found = []
    for one, other in combinations(parts, 2):
        keys = [
            set(zip(part.frame["respondent"], part.frame["submitted"].astype(str), strict=True))
            for part in (one, other)
        ]
        timed = one.frame["submitted"].notna().any() and other.frame["submitted"].notna().any()
        same_bytes = (
            one.reports[0].digest == other.reports[0].digest if one.reports and other.reports else False
        )
        if same_bytes or (timed and len(keys[0] & keys[1]) > 0.5 * min(len(keys[0]), len(keys[1]))):
            names = [str(part.frame["file"].iloc[0]) for part in (one, other)]
            found.append(Fault("survey_intake.file.same_survey", {"one": names[0], "other": names[1]}))
    return found


def _own_ids(parts: Sequence[Responses]) -> list[Responses]:
    """Ids start again in every export; where they meet, the name of the file goes in front."""
    met = [set(part.frame["respondent"]) for part in parts]
    if sum(map(len, met)) == len(set().union(*met)):
        return list(parts)
    made = []
    for part in parts:
        stems = part.frame["file"].map(lambda name: Path(str(name)).stem)
        made.append(replace(part, frame=part.frame.assign(respondent=stems + ":" + part.frame["respondent"])))
    return made


def _places(out: Path) -> dict[str, Path]:
    names = {
        "responses": "responses.parquet",
        "quality": "quality.xlsx",
        "page": "intake.md",
        "record": "intake.json",
    }
    return {name: out / file for name, file in names.items()}


def _write(result: DoorResult, places: Mapping[str, Path]) -> None:
    result.responses.write(places["responses"])
    write_whole(places["quality"], quality_bytes(result.quality, result.responses.questionnaire))
    text = "\n\n---\n\n".join(f"```\n{result.page(lang)}\n```" for lang in LANGUAGES)
    write_whole(places["page"], f"{text}\n".encode())
    text = json.dumps(record(result), ensure_ascii=False, indent=1)
    write_whole(places["record"], f"{text}\n".encode())


def record(result: DoorResult) -> dict[str, Any]:
    """What came in and what became of it, for another program."""
    return {"rows": len(result.responses), "files": [_plain(report) for report in result.responses.reports]}


def _plain(report: IntakeReport) -> dict[str, Any]:
    return {
        "file": report.file,
        "sha256": report.digest,
        "form": report.form,
        "platform": report.platform,
        "encoding": report.encoding,
        "rows": report.rows,
        "matched": {
            match.head: [match.target.question, match.target.part, match.how]
            for match in report.matched
            if match.target
        },
        "held": [match.head for match in report.held],
        "unmatched": [match.head for match in report.unmatched],
        "personal": [
            [column.head, column.kind, column.by, column.filled, column.action, column.reason]
            for column in report.personal
        ],
        "repeats": dict(report.repeats),
    }


def quality_bytes(seen: Quality, questionnaire: Questionnaire) -> bytes:
    """The tables of a quality report as a workbook, items with their words in both languages."""
    from openpyxl import Workbook
    from openpyxl.styles import Font

    from govlab.data.workbook import book_bytes, harmless

    book = Workbook()
    book.remove(book.worksheets[0])
    for name, table in seen.tables().items():
        sheet = book.create_sheet(name)
        shown = _with_words(table, questionnaire)
        sheet.append(list(shown.columns))
        for cell in sheet[1]:
            cell.font = Font(bold=True)
        for row in shown.itertuples(index=False):
            sheet.append(
                [harmless(one) if isinstance(one, str) else None if nothing(one) else one for one in row]
            )
        sheet.freeze_panes = "B2"
        for letter in ("A", "B", "C"):
            sheet.column_dimensions[letter].width = 26
    return book_bytes(book)


def _with_words(table: pd.DataFrame, questionnaire: Questionnaire) -> pd.DataFrame:
    if "item" not in table:
        return table
    made = table.copy()
    at = list(made.columns).index("item") + 1
    for lang in reversed(LANGUAGES):
        made.insert(at, lang, [questionnaire.question(name).label.in_language(lang) for name in made["item"]])
    return made
