"""From clean responses to the table that is analysed: scores of constructs, columns of the zone, the wave."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from govlab.data.survey_file import DesignColumns
from govlab.errors import Fault, InputError

if TYPE_CHECKING:
    import pandas as pd

    from govlab.survey.responses import Responses
    from govlab.survey.sample_plan import SamplePlan

# Columns of the zone list that say something of a zone as a whole.
OF_ZONE = ("model", "role")


def analysis_frame(responses: Responses, wave: int, zones: pd.DataFrame, zone: str) -> pd.DataFrame:
    """One row a respondent of a wave: answers, ``wave``, scores of constructs, ``model`` and ``role``.

    A score is the mean of the items that were answered, those asked the other way round turned, where at
    least half of them were.
    """
    frame = responses.frame.copy()
    frame.insert(0, "wave", wave)
    for name, items in responses.questionnaire.constructs.items():
        if name in frame or not all(item.name in frame for item in items):
            continue
        values = responses.items(name)
        enough = values.notna().sum(axis=1) * 2 >= len(items)
        frame[name] = values.mean(axis=1).where(enough)
    if zone in frame:
        listed = zones.set_index("zone")
        for name in OF_ZONE:
            if name in listed and name not in frame:
                frame[name] = frame[zone].astype(object).map(listed[name])
    return frame


def stacked(frames: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Several waves one below another; categories of one wave are those of all."""
    import pandas as pd
    from pandas.api.types import union_categoricals

    if len(frames) == 1:
        return frames[0]
    frames = [frame.copy(deep=False) for frame in frames]
    for name in frames[0].columns:
        columns = [frame[name] for frame in frames if name in frame]
        if all(isinstance(column.dtype, pd.CategoricalDtype) for column in columns):
            dtype = union_categoricals([column.array for column in columns], ignore_order=True).dtype
            for frame in frames:
                if name in frame:
                    frame[name] = frame[name].astype(dtype)
    return pd.concat(frames, ignore_index=True)


def with_plan(frame: pd.DataFrame, spec: DesignColumns, plan: SamplePlan | None) -> pd.DataFrame:
    """The frame with the columns of the sample plan joined; InputError for respondents not in it."""
    if plan is None:
        return frame
    said = plan.design
    key = spec.key or said["key"]
    if key not in frame:
        raise InputError(Fault("study.plan.no_key", {"column": key}, (spec.plan or "",)))
    wanted = [name for name in dict.fromkeys(said.values()) if name != key and name not in frame]
    listed = plan.frame.drop_duplicates(said["key"]).set_index(said["key"])
    keys = frame[key].astype(object)
    unknown = sorted({str(one) for one in keys[~keys.isin(listed.index)]})
    if unknown:
        values: Mapping[str, object] = {"n": len(unknown), "units": ", ".join(unknown[:5]), "column": key}
        raise InputError(Fault("study.plan.unknown", values, (spec.plan or "",)))
    return frame.assign(**{name: keys.map(listed[name]) for name in wanted})


def spoken(spec: DesignColumns, plan: SamplePlan | None) -> DesignColumns:
    """The design columns, from the plan where the study file names none."""
    if plan is None or spec.weights or spec.strata or spec.clusters:
        return spec
    said = plan.design
    return spec.model_copy(
        update={
            "weights": said.get("weights"),
            "strata": (said["strata"],) if "strata" in said else (),
            "clusters": (said["clusters"],) if "clusters" in said else (),
            "fpc": (said["fpc"],) if "fpc" in said else (),
        }
    )
