"""``index.toml``: the index of a study as people write it, read with the line of every fault."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Annotated, Literal

import numpy as np
from pydantic import BeforeValidator, Field, ValidationError

from govlab.compare.index.judgements import Judgements, ahp
from govlab.compare.index.robustness import Choices
from govlab.compare.index.specification import Group, IndexSpec, Indicator
from govlab.data.fields import dotted, field_faults
from govlab.data.survey_file import Model, Words
from govlab.data.toml import Toml, read_toml
from govlab.errors import Fault, InputError

# TOML has lists only.
_LISTED = BeforeValidator(lambda given: tuple(given) if isinstance(given, list) else given)
Code = Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_-]*$")]
Scale = Literal[
    "minmax", "zscore", "rank", "percentile", "borda", "distance_to_best", "share_of_best", "goalposts",
    "target", "vector", "none",
]  # fmt: skip
Mean = Literal["arithmetic", "geometric", "harmonic", "topsis"]
Weighting = Literal["given", "equal", "entropy", "critic", "pca", "pca-combination"]
Outliers = Literal["keep", "treat"]


class GroupEntry(Model):
    """A ``[[group]]``."""

    code: Code
    label: Words
    weight: float = Field(default=1.0, ge=0)


class IndicatorEntry(Model):
    """An ``[[indicator]]``. survey: a question or construct of the study instead of a column."""

    code: Code
    label: Words
    unit: Words | None = None
    group: Code | None = None
    weight: float = Field(default=1.0, ge=0)
    direction: Literal[1, -1] = 1
    survey: str | None = None
    goalposts: Annotated[tuple[float, float] | None, _LISTED] = None
    target: float | None = None


class JudgementEntry(Model):
    """A ``[[judgement]]``: first matters ``times`` as much as second, towards the index."""

    first: Code
    second: Code
    times: float = Field(gt=0)


class ChoicesEntry(Model):
    """``[choices]``: what might have been chosen otherwise."""

    outliers: Annotated[tuple[Outliers, ...], _LISTED] = ("keep", "treat")
    normalisation: Annotated[tuple[Scale, ...], _LISTED] = ("minmax", "zscore", "rank")
    weights: Annotated[tuple[Weighting, ...], _LISTED] = ("given", "equal")
    aggregation: Annotated[tuple[Mean, ...], _LISTED] = ("arithmetic", "geometric")
    weight_noise: float = Field(default=0.25, ge=0, lt=1)


class IndexFile(Model):
    """The whole file."""

    format: Literal[1]
    title: Words
    source: Words
    data: str
    unit: str = "zone"
    outliers: Outliers = "keep"
    missing: Literal["refuse", "rescale", "mean", "median"] = "refuse"
    normalisation: Scale = "minmax"
    aggregation: Mean = "arithmetic"
    weights: Weighting = "given"
    synthetic: bool = False
    group: Annotated[tuple[GroupEntry, ...], _LISTED] = ()
    indicator: Annotated[tuple[IndicatorEntry, ...], _LISTED, Field(min_length=1)]
    judgement: Annotated[tuple[JudgementEntry, ...], _LISTED] = ()
    choices: ChoicesEntry = ChoicesEntry()


@dataclass(frozen=True, eq=False)
class IndexPlan:
    """An index as its file states it. spec: with AHP weights of the groups where there are judgements."""

    file: IndexFile
    path: Path
    spec: IndexSpec
    choices: Choices
    judgements: Judgements | None

    @property
    def data(self) -> Path:
        """The table of indicators."""
        return self.path.parent / self.file.data

    @property
    def from_survey(self) -> Mapping[str, str]:
        """Indicators that are questions or constructs of the study -> their names."""
        return {one.code: one.survey for one in self.file.indicator if one.survey}


def read_plan(path: Path) -> IndexPlan:
    """The index that a file states; InputError lists every fault with its line and field."""
    toml = read_toml(path)
    try:
        file = IndexFile.model_validate(toml.data)
    except ValidationError as error:
        raise InputError(field_faults(error, IndexFile, toml.where)) from error
    for kind in (PurePosixPath(file.data), PureWindowsPath(file.data)):
        if kind.is_absolute() or kind.drive or ".." in kind.parts:
            raise InputError(Fault("index.outside", {"path": file.data}, (*toml.where(("data",)), "data")))
    spec = IndexSpec(
        tuple(
            Indicator(one.code, one.group or "index", one.weight, one.direction, one.goalposts, one.target)
            for one in file.indicator
        ),
        tuple(Group(one.code, "index", one.weight) for one in file.group),
        outliers=file.outliers,
        missing=file.missing,
        normalisation=file.normalisation,
        aggregation=file.aggregation,
        weights=file.weights,
    )
    judged = _judged(file, toml, [one.code for one in spec.members("index")])
    if judged is not None:
        spec = spec.weighted(judged.as_weights())
    stated = file.choices
    choices = Choices(
        stated.outliers, stated.normalisation, stated.weights, stated.aggregation, stated.weight_noise
    )
    return IndexPlan(file, path, spec, choices, judged)


def _judged(file: IndexFile, toml: Toml, members: list[str]) -> Judgements | None:
    """AHP weights of what stands under the index; every pair has to be judged once."""
    if not file.judgement:
        return None
    faults = []
    matrix = np.eye(len(members))
    for number, one in enumerate(file.judgement):
        place = (*toml.where(("judgement", number)), dotted(("judgement", number)))
        if one.first not in members or one.second not in members or one.first == one.second:
            values = {"first": one.first, "second": one.second, "known": ", ".join(members)}
            faults.append(Fault("index.judged_unknown", values, place))
            continue
        i, j = members.index(one.first), members.index(one.second)
        if matrix[i, j]:
            faults.append(Fault("index.judged_twice", {"first": one.first, "second": one.second}, place))
        matrix[i, j], matrix[j, i] = one.times, 1 / one.times
    lacking = [
        f"{members[i]}/{members[j]}"
        for i in range(len(members))
        for j in range(i + 1, len(members))
        if not matrix[i, j]
    ]
    if lacking and not faults:
        faults.append(
            Fault("index.judged_missing", {"pairs": ", ".join(lacking)}, toml.where(("judgement",)))
        )
    if faults:
        raise InputError(faults)
    return ahp(matrix, members)
