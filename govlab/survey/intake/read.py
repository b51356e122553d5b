"""``read_responses``: one file of responses through the door."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal

import numpy as np

from govlab.errors import Fault, InputError
from govlab.survey.intake import checks
from govlab.survey.intake.archive import Limits
from govlab.survey.intake.build import Built, build, frames, tell_not_asked
from govlab.survey.intake.decode import CODE
from govlab.survey.intake.mapping import Settled, read_mapping
from govlab.survey.intake.raw import cell_text
from govlab.survey.intake.report import IntakeReport, PersonalColumn, Written
from govlab.survey.intake.rows import carried_columns, respondent_ids, row_columns, row_flags
from govlab.survey.intake.sort import Sorted, sort_columns
from govlab.survey.intake.sources import read_raw
from govlab.survey.questionnaire import Questionnaire
from govlab.survey.responses import FORMAT, WHY, Responses, read_clean

if TYPE_CHECKING:
    import pandas as pd


def read_responses(
    path: Path,
    questionnaire: Questionnaire,
    mapping: Path | Settled | None = None,
    *,
    keep: Mapping[str, str] | None = None,
    carry: Sequence[str] = (),
    sheet: str | None = None,
    header_row: int = 1,
    repeated_ids: Literal["refuse", "flag"] = "refuse",
    limits: Limits | None = None,
) -> Responses:
    """The answers in one file (.xlsx, .xls, .csv, .sav, .dta, .parquet), with the reason for every gap.

    mapping: workbook in which a person settled what belongs to what. keep: personal column (head or
    question) -> why it is kept; every other one is dropped. carry: further columns that go along as
    they are, such as weights. repeated_ids: what happens when two rows have one id. InputError lists
    what is wrong with the file, in both languages; the file itself is never changed.
    """
    path = Path(path)
    keep = dict(keep or {})
    unreasoned = [head for head, reason in keep.items() if not str(reason).strip()]
    if unreasoned:
        raise InputError([Fault("survey_intake.keep.no_reason", {"head": head}) for head in unreasoned])
    settled = read_mapping(mapping, questionnaire) if isinstance(mapping, Path) else mapping or Settled()
    raw = read_raw(path, limits or Limits(), sheet=sheet, header_row=header_row)
    if raw.form == "parquet" and (raw.ours or {}).get("govlab_responses") == FORMAT:
        return read_clean(path, questionnaire)
    checks.one_head_a_column(raw)
    found = sort_columns(raw, questionnaire, settled, keep, carry)
    taken = found.taken
    if not taken and not found.gone():
        values: dict[str, object] = {"form": questionnaire.form_id}
        raise InputError(Fault("survey_intake.file.nothing_matches", values, (raw.file,)))
    ids = respondent_ids(found, refuse=repeated_ids == "refuse")
    built = build(
        questionnaire,
        taken,
        found.rules,
        raw.n,
        gone=found.gone(),
        hits={} if found.platform == "govlab" else found.hits,
        kept={name for name in keep if questionnaire.has(name)},
    )
    _own_reasons(found, built)
    against = tell_not_asked(questionnaire, built, raw.n)
    refused = checks.apply_consent(questionnaire, built, raw.n)
    flags = row_flags(found, questionnaire)
    frame, reasons = frames(built, raw.n)
    first = row_columns(found, ids)
    last = carried_columns(found, first | built.values)
    return Responses(
        questionnaire=questionnaire,
        frame=_joined(first, frame, last),
        reasons=reasons,
        flags=flags,
        reports=(
            _report(
                found,
                questionnaire,
                built,
                against=against,
                flags=flags,
                refused=refused,
                digest=_digest(path),
            ),
        ),
        carried=tuple(last),
        kept=MappingProxyType(keep),
    )


def _joined(first: Mapping[str, object], frame: pd.DataFrame, last: Mapping[str, object]) -> pd.DataFrame:
    import pandas as pd

    parts = [pd.DataFrame(first, index=frame.index), frame, pd.DataFrame(last, index=frame.index)]
    return pd.concat([part for part in parts if len(part.columns)], axis=1)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _own_reasons(found: Sorted, built: Built) -> None:
    """In a file that govlab wrote, the reasons stand in columns of their own."""
    for column in found.raw.columns:
        name = column.head.removesuffix(WHY)
        if found.platform == "govlab" and column.head.endswith(WHY) and name in built.reasons:
            codes = np.array(
                [CODE.get(cell_text(value).strip(), 0) for value in column.values], dtype=np.int8
            )
            built.reasons[name] = column.spread(codes)


def _report(
    found: Sorted,
    questionnaire: Questionnaire,
    built: Built,
    *,
    against: Mapping[str, int],
    flags: pd.DataFrame,
    refused: int,
    digest: str,
) -> IntakeReport:
    raw, taken = found.raw, found.taken
    have = {target.question for target in taken} | set(found.gone())
    beside = {question.other_text for question in questionnaire if question.name in built.schemes}
    absent = [one.name for one in questionnaire if one.columns and one.name not in have | beside]
    heads = {target.question: found.matches[column.place].head for target, column in taken.items()}
    by_place = {
        name: heads[name]
        for name, scheme in built.schemes.items()
        if scheme == "place" and questionnaire.question(name).kind == "one"
    }
    redacted = [
        PersonalColumn(name, kind, "content", n, "redacted") for name, (kind, n) in built.redacted.items()
    ]
    formulas = [Fault("survey_intake.note.formulas", {"n": raw.formulas})] if raw.formulas else []
    return IntakeReport(
        file=raw.file,
        form=raw.form,
        platform=found.platform,
        rows=raw.n,
        columns=len(raw.columns),
        digest=digest,
        encoding=raw.encoding,
        separator=raw.separator,
        sheet=raw.sheet,
        written=_written(built),
        matches=tuple(found.matches[place] for place in sorted(found.matches)),
        absent=tuple(absent),
        personal=(*found.personal, *redacted),
        repeats=MappingProxyType({name: int(flags[name].sum()) for name in flags.columns}),
        unknown=tuple(built.unknown),
        against=MappingProxyType(dict(against)),
        by_place=MappingProxyType(by_place),
        no_consent=refused,
        notes=(*found.notes, *formulas, *checks.active_text(raw, list(taken.values()))),
    )


def _written(built: Built) -> Written:
    """How most questions wrote their options; words beside places are worth a look."""
    counts = Counter(built.schemes.values())
    words = counts["words"] + counts["label"]
    if counts["place"]:
        return "mixed" if words else "places"
    if not words and not counts["name"]:
        return ""
    return "words" if words >= counts["name"] else "names"
