"""Responses: clean answers, the reason for every one that is missing, and what is to be known of each row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from govlab.errors import Fault, InputError
from govlab.survey.questionnaire import REASONS, Question, Questionnaire

if TYPE_CHECKING:
    import pandas as pd

    from govlab.survey.intake.report import IntakeReport

# Columns about the row itself, before those of the questions.
ROW_COLUMNS = ("respondent", "file", "submitted", "seconds", "source")
FORMAT = 1


@dataclass(frozen=True)
class Excluded:
    """Rows left out on somebody's word: how many, by what rule, and why."""

    rule: str
    reason: str
    n: int


@dataclass(frozen=True, eq=False)
class Responses:
    """One row a respondent.

    frame: ``respondent``, ``file``, ``submitted``, ``seconds``, ``source``, then a column for every
    question as ``Question.columns`` says (points of a scale and numbers as floats, categories with the
    names of options, ticks 0 / 1, ranks from 1), then the columns that were carried along.
    reasons: same rows, the question columns: why a value is missing, "" where it is there.
    flags: same rows, True or False: what somebody should look at. reports: what intake saw, a file
    each; none for responses that were read back. excluded: rows left out so far.
    """

    questionnaire: Questionnaire
    frame: pd.DataFrame
    reasons: pd.DataFrame
    flags: pd.DataFrame
    reports: tuple[IntakeReport, ...] = ()
    excluded: tuple[Excluded, ...] = ()
    carried: tuple[str, ...] = ()
    kept: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    def __len__(self) -> int:
        return len(self.frame)

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns of questions that are in the frame, in order."""
        return tuple(column for column in self.questionnaire.owners if column in self.reasons.columns)

    @property
    def open_text(self) -> tuple[str, ...]:
        """Columns in people's own words; reports withhold them until someone has read them."""
        owners = self.questionnaire.owners
        return tuple(
            column
            for column in self.columns
            if (owners[column].kind == "text" and owners[column].role is None)
            or column == owners[column].words_column
        )

    def items(self, construct: str, *, turned: bool = True) -> pd.DataFrame:
        """The items of a construct; those asked the other way round are turned unless ``turned`` is False."""
        constructs = self.questionnaire.constructs
        if construct not in constructs:
            raise KeyError(f"no construct {construct!r}; there are: {', '.join(constructs)}")
        names = [item.name for item in constructs[construct]]
        found = self.frame[names].copy()
        for item in constructs[construct]:
            if turned and item.scale_reverse:
                found[item.name] = turn(item, self.frame[item.name])
        return found

    def turned(self) -> pd.DataFrame:
        """The frame with every reversed item turned, so that more always means more of its construct."""
        found = self.frame.copy()
        for question in self.questionnaire:
            if question.scale_reverse and question.name in found:
                found[question.name] = turn(question, self.frame[question.name])
        return found

    def where(self, rows: Any) -> Responses:
        """These rows only, a boolean (n,). Nothing is recorded: ``exclude`` leaves rows out for good."""
        return replace(
            self,
            frame=self.frame[rows].reset_index(drop=True),
            reasons=self.reasons[rows].reset_index(drop=True),
            flags=self.flags[rows].reset_index(drop=True),
        )

    def exclude(self, declared: Mapping[str, str]) -> Responses:
        """Leave out the rows with a flag, each with the reason declared for it; counted in ``excluded``.

        A row with several flags counts under the first. ValueError for an unknown flag or an empty reason.
        """
        found = self
        for flag, reason in declared.items():
            if flag not in self.flags.columns:
                raise ValueError(f"no flag {flag!r}; there are: {', '.join(self.flags.columns)}")
            if not reason.strip():
                raise ValueError(f"flag {flag!r}: a reason must be given")
            out = found.flags[flag].to_numpy(dtype=bool)
            note = Excluded(flag, reason, int(out.sum()))
            found = replace(found.where(~out), excluded=(*found.excluded, note))
        return found

    def with_flags(self, flags: pd.DataFrame) -> Responses:
        """Further flags, (n rows) True or False, beside those there are; one of the same name is replaced."""
        if len(flags) != len(self):
            raise ValueError(f"flags has {len(flags)} rows, the responses have {len(self)}")
        kept = self.flags.drop(columns=[name for name in flags.columns if name in self.flags])
        joined = kept.join(flags.reset_index(drop=True))
        return replace(self, flags=joined)

    def missing_where(self, column: str, reason: str) -> Any:
        """(n,) where a column is missing for a reason."""
        if reason not in REASONS:
            raise ValueError(f"reason must be one of {', '.join(REASONS[1:])}, got {reason!r}")
        return (self.reasons[column] == reason).to_numpy()

    # -- kept on disk ---------------------------------------------------------------------------

    def clean_frame(self) -> pd.DataFrame:
        """Frame, reasons (``<column>__why``) and flags (``flag__<name>``) side by side."""
        import pandas as pd

        reasons = self.reasons.rename(columns=lambda name: f"{name}{WHY}")
        flags = self.flags.rename(columns=lambda name: f"{FLAG}{name}")
        return pd.concat([self.frame, reasons, flags], axis=1)

    def said(self) -> dict[str, Any]:
        """What goes into a file beside the columns."""
        return {
            "govlab_responses": FORMAT,
            "form_id": self.questionnaire.form_id,
            "version": self.questionnaire.version,
            "carried": list(self.carried),
            "kept": dict(self.kept),
            "excluded": [[one.rule, one.reason, one.n] for one in self.excluded],
        }

    def write(self, path: Path) -> None:
        """Clean Parquet that ``read_clean`` gives back as it was; the same responses give the same bytes."""
        from govlab.data.parquet import write_parquet

        write_parquet(self.clean_frame(), path, self.said())


WHY, FLAG = "__why", "flag__"


def turn(item: Question, values: pd.Series[Any]) -> pd.Series[Any]:
    """Points of an item counted from the other end of its scale."""
    points = item.scale
    if not points:
        raise ValueError(f"{item.name} is no scale")
    return points[0] + points[-1] - values


def read_clean(path: Path, questionnaire: Questionnaire) -> Responses:
    """Responses that ``Responses.write`` wrote; InputError if the file is none of those or does not fit."""
    from govlab.data.parquet import read_parquet

    try:
        frame, said = read_parquet(path)
    except FileNotFoundError as error:
        raise InputError(Fault("survey_intake.file.missing", {}, (str(path),))) from error
    except (OSError, ValueError) as error:
        raise InputError(Fault("survey_intake.file.truncated", {}, (path.name,))) from error
    if said is None or said.get("govlab_responses") != FORMAT:
        raise InputError(Fault("survey_intake.clean.foreign", {}, (path.name,)))
    return from_clean(frame, said, questionnaire, path.name)


def from_clean(
    frame: pd.DataFrame, said: Mapping[str, Any], questionnaire: Questionnaire, file: str
) -> Responses:
    """Put frame, reasons and flags apart again; InputError if they belong to another questionnaire."""
    whys = [name for name in frame.columns if name.endswith(WHY)]
    flags = [name for name in frame.columns if name.startswith(FLAG)]
    columns = [name.removesuffix(WHY) for name in whys]
    strange = [name for name in columns if name not in questionnaire.owners]
    if strange or said.get("form_id") != questionnaire.form_id:
        values: dict[str, object] = {"theirs": said.get("form_id", "?"), "ours": questionnaire.form_id}
        raise InputError(Fault("survey_intake.clean.other_form", values, (file,)))
    return Responses(
        questionnaire=questionnaire,
        frame=frame.drop(columns=[*whys, *flags]),
        reasons=frame[whys].rename(columns=lambda name: name.removesuffix(WHY)),
        flags=frame[flags].rename(columns=lambda name: name.removeprefix(FLAG)),
        excluded=tuple(Excluded(*one) for one in said.get("excluded", ())),
        carried=tuple(said.get("carried", ())),
        kept=MappingProxyType(dict(said.get("kept", {}))),
    )


def together(parts: Sequence[Responses]) -> Responses:
    """Responses of several files to one questionnaire, one after the other."""
    import pandas as pd

    if len(parts) == 1:
        return parts[0]
    carried = tuple(dict.fromkeys(name for part in parts for name in part.carried))
    frames = [part.frame for part in parts]
    for name in carried:
        if any(
            isinstance(frame.get(name, pd.Series(dtype=float)).dtype, pd.CategoricalDtype) for frame in frames
        ):
            frames = [frame.astype({name: object}) if name in frame else frame for frame in frames]
    return replace(
        parts[0],
        frame=pd.concat(frames, ignore_index=True),
        reasons=pd.concat([part.reasons for part in parts], ignore_index=True),
        flags=pd.concat([part.flags for part in parts], ignore_index=True).fillna(False).astype(bool),
        reports=tuple(report for part in parts for report in part.reports),
        carried=carried,
        kept=MappingProxyType({name: why for part in parts for name, why in part.kept.items()}),
    )
