"""A survey design: the table, its weights and how its rows were sampled, carried as one frozen object."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import copy
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal, Protocol, get_args

import numpy as np
from numpy.typing import NDArray

from govlab.errors import Fault, InputError
from govlab.survey import stages as _stages
from govlab.survey.stages import Floats, Stage

if TYPE_CHECKING:
    import pandas as pd

LonelyPsu = Literal["fail", "remove", "adjust", "average", "certainty"]
Mask = NDArray[np.bool_]


class Projection(Protocol):
    """A weighted fit: rows of one cell share their values of the columns, which are orthonormal."""

    @property
    def basis(self) -> Floats:
        """(m, q) columns, by cell."""
        ...

    @property
    def cells(self) -> NDArray[np.intp]:
        """(n,) the cell of each row."""
        ...

    @property
    def weights(self) -> Floats:
        """(n,) weights of the fit."""
        ...


class Calibration(Protocol):
    """What a calibration leaves on a design: how influence values change because of it."""

    @property
    def projection(self) -> Projection:
        """The fit whose residuals these are."""
        ...

    def residuals(self, influence: Floats) -> Floats:
        """(n, k) influence values -> their residuals on the calibration model (Deville & Särndal 1992)."""
        ...


class Replicates(Protocol):
    """Replicate weights of a design: multipliers of the full-sample weight, shared by groups of rows."""

    @property
    def multipliers(self) -> Floats:
        """(R, G) factor of the full-sample weight in each replicate, by group."""
        ...

    @property
    def groups(self) -> NDArray[np.intp]:
        """(n,) the group of each row."""
        ...

    @property
    def degf(self) -> int:
        """Degrees of freedom."""
        ...

    def totals(self, weights: Floats, columns: Floats) -> Floats:
        """(R, k) weighted totals of columns (n, k) in each replicate."""
        ...

    def covariance(self, estimates: Floats, full: Floats) -> Floats:
        """(k, k) from replicates of the estimates (R, k) and the full-sample estimates (k,)."""
        ...


class Design:
    """Sampling design of a table. Frozen: every method that changes something returns a copy.

    frame: (n rows) all rows that were sampled, also those outside a subset. weights: (n,) weights of
    all rows. stages: first stage first. inside: (n,) rows of the subset, None for all of them; weights
    outside stay what they are. lonely_psu: what a stratum with one sampled unit contributes. Kept
    besides: ``calibration`` and ``replicates``, which ``variance`` reads, and ``notes`` for the reader.
    no_inference: how the rows were found if they are no probability sample (quota, open-link), else "".
    """

    frame: pd.DataFrame
    weights: Floats
    stages: tuple[Stage, ...]
    lonely_psu: LonelyPsu
    adjust_domains: bool
    inside: Mask | None
    calibration: tuple[Calibration, ...]
    replicates: Replicates | None
    notes: tuple[str, ...]
    no_inference: str

    def __init__(
        self,
        frame: pd.DataFrame,
        *,
        weights: str | None = None,
        strata: str | Sequence[str] | None = None,
        clusters: str | Sequence[str] | None = None,
        fpc: str | Sequence[str] | None = None,
        nest: bool = False,
        lonely_psu: LonelyPsu = "fail",
        adjust_domains: bool = False,
    ) -> None:
        """Read the design from columns of ``frame``, named.

        weights: positive numbers; without them n/N from ``fpc``, and without both every row counts 1.
        strata, clusters, fpc: one name, or a list with one name a stage. No clusters: rows are the
        sampling units. fpc: units in the population of the stratum, or, all at most 1, the fraction
        sampled; stages after the last with an fpc count as drawn with replacement.
        nest: first-stage ids start again in each stratum; without it such ids are refused. Later
        stages always nest. lonely_psu: a stratum with one sampled unit stops the computation
        (``fail``), contributes nothing (``remove``, ``certainty``), is measured from the mean over
        strata (``adjust``) or gets the average contribution (``average``). adjust_domains: treat
        likewise, under ``adjust`` and ``average``, a stratum that a domain leaves with one unit.
        InputError lists every fault of the data; ValueError and KeyError those of the call.
        """
        if lonely_psu not in get_args(LonelyPsu):
            known = ", ".join(get_args(LonelyPsu))
            raise ValueError(f"lonely_psu must be one of {known}, got {lonely_psu!r}")
        by_stage = {"strata": _names(strata), "clusters": _names(clusters), "fpc": _names(fpc)}
        for role, names in (("weights", _names(weights)), *by_stage.items()):
            for name in names:
                if name not in frame.columns:
                    raise KeyError(f"{role}={name!r}: the frame has no such column")
        count = max(1, len(by_stage["clusters"]))
        for role in ("strata", "fpc"):
            if len(by_stage[role]) > count:
                raise ValueError(f"{role} names {len(by_stage[role])} stages, clusters has {count}")
        if len(frame) == 0:
            raise InputError(Fault("survey.design_empty"))

        faults: list[Fault] = []
        values = None if weights is None else _stages.read_weights(frame, weights, faults)
        built = _stages.build(
            frame, by_stage["strata"], by_stage["clusters"], by_stage["fpc"], nest=nest, faults=faults
        )
        if faults:
            raise InputError(faults)
        notes: tuple[str, ...] = ()
        if values is None:
            values = np.ones(len(frame))
            for stage in built:
                if stage.population is not None:
                    values = values / stage.fraction[stage.strata]
            if not by_stage["fpc"]:
                notes = ("no weights and no population sizes were given: every row counts 1",)
        self._set(
            frame=frame.copy(deep=False),
            weights=values,
            stages=built,
            lonely_psu=lonely_psu,
            adjust_domains=adjust_domains,
            inside=None,
            calibration=(),
            replicates=None,
            notes=notes,
            no_inference="",
        )

    def _set(self, **values: Any) -> None:
        self.__dict__.update(values)

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"a Design does not change; take a copy with altered({name}=...)")

    def __delattr__(self, name: str) -> None:
        raise AttributeError("a Design does not change")

    def __len__(self) -> int:
        return len(self.weights)

    def __repr__(self) -> str:
        first = self.stages[0]
        parts = [f"{len(self):,} rows", f"{len(first.stratum_of):,} first-stage units"]
        parts.append(f"{len(first.sampled):,} strata, {len(self.stages)} stage(s)")
        if self.inside is not None:
            parts.append(f"subset of {int(self.inside.sum()):,} rows")
        if self.calibration:
            parts.append("calibrated")
        if self.replicates is not None:
            parts.append("replicate weights")
        return f"Design({', '.join(parts)})"

    def altered(
        self,
        *,
        weights: Floats | None = None,
        calibration: tuple[Calibration, ...] | None = None,
        replicates: Replicates | None = None,
        inside: Mask | None = None,
        notes: tuple[str, ...] | None = None,
    ) -> Design:
        """A copy with what is given in the place of what was; None keeps it."""
        changes = {
            "weights": weights,
            "calibration": calibration,
            "replicates": replicates,
            "inside": inside,
            "notes": notes,
        }
        for name, given in (("weights", weights), ("inside", inside)):
            if given is not None and np.shape(given) != (len(self),):
                raise ValueError(f"{name} needs {len(self)} values, got shape {np.shape(given)}")
        other = copy(self)
        other.__dict__.pop("degf", None)
        other._set(**{name: value for name, value in changes.items() if value is not None})
        return other

    def subset(self, rows: str | Sequence[bool] | Mask | pd.Series) -> Design:
        """The design looked at through some of its rows: strata, clusters and counts stay whole.

        rows: a query as of ``DataFrame.query``, or one truth value a row; missing counts as outside.
        """
        import pandas as pd

        asked = self.frame.eval(rows) if isinstance(rows, str) else rows
        if isinstance(asked, pd.Series):
            mask = asked.astype("boolean").fillna(False).to_numpy(dtype=np.bool_)
        else:
            mask = np.asarray(asked)
            if mask.dtype != np.bool_:
                raise TypeError(f"rows must be truth values, one a row, got {mask.dtype}")
        if mask.shape != (len(self),):
            raise ValueError(f"rows needs {len(self)} truth values, got shape {mask.shape}")
        return self.altered(inside=mask if self.inside is None else mask & self.inside)

    def with_columns(self, columns: Mapping[str, NDArray[Any] | pd.Series]) -> Design:
        """A copy whose frame has these columns, one value a row; the sampling does not change."""
        other = copy(self)
        frame = self.frame.copy(deep=False)
        for name, values in columns.items():
            frame[name] = values
        other._set(frame=frame)
        return other

    def poststratify(self, by: str | Sequence[str], totals: Mapping[object, float]) -> Design:
        """Weights that add up to known sizes of post-strata: ``weights.poststratify``."""
        from govlab.survey import weights

        return weights.poststratify(self, by, totals)

    def rake(self, margins: Mapping[str | tuple[str, ...], Mapping[object, float]]) -> Design:
        """Weights that add up to several margins: ``weights.rake``."""
        from govlab.survey import weights

        return weights.rake(self, margins)

    def calibrate(
        self,
        totals: Mapping[str | tuple[str, ...], float | Mapping[object, float]],
        *,
        distance: Literal["linear", "raking", "logit"] = "linear",
        bounds: tuple[float, float] | None = None,
        size: float | None = None,
    ) -> Design:
        """Weights that reproduce known totals: ``weights.calibrate``."""
        from govlab.survey import weights

        return weights.calibrate(self, totals, distance=distance, bounds=bounds, size=size)

    def trim(self, *, lower: float | None = None, upper: float | None = None, repeat: bool = True) -> Design:
        """Weights cut to bounds with their sum kept: ``weights.trim``."""
        from govlab.survey import weights

        return weights.trim(self, lower=lower, upper=upper, repeat=repeat)

    def replicate(
        self,
        method: Literal["jackknife", "bootstrap", "brr", "fay", "successive"] = "jackknife",
        *,
        replicates: int = 500,
        seed: int | None = None,
        rho: float = 0.5,
        mse: bool | None = None,
    ) -> Design:
        """The design with replicate weights: ``replicate.replicate``."""
        from govlab.survey import replicate

        return replicate.replicate(self, method, replicates=replicates, seed=seed, rho=rho, mse=mse)

    def with_replicates(
        self,
        columns: Sequence[str],
        method: Literal["jackknife", "bootstrap", "brr", "fay", "successive", "other"],
        *,
        combined: bool = True,
        scale: float | None = None,
        rscales: Sequence[float] | None = None,
        rho: float | None = None,
        mse: bool = False,
    ) -> Design:
        """The design with replicate weights that came with the data: ``replicate.given_replicates``."""
        from govlab.survey import replicate

        return replicate.given_replicates(
            self, columns, method, combined=combined, scale=scale, rscales=rscales, rho=rho, mse=mse
        )

    def without_inference(self, found: str, note: str = "") -> Design:
        """A copy that knows its rows are no probability sample: estimates get no error, tests are refused.

        found: how respondents were found, ``quota`` or ``open-link``. note: one sentence for the reader.
        """
        if not found:
            raise ValueError("found: say how respondents were found")
        other = self.altered(notes=(*self.notes, note) if note else self.notes)
        other._set(no_inference=found)
        return other

    def require_sample(self) -> None:
        """InputError where the rows are no probability sample, so that nothing follows for anybody else."""
        if self.no_inference:
            raise InputError(Fault("survey.no_inference", {"found": self.no_inference}))

    def for_units(self, unit: str, *, fpc: str | None = None) -> Design:
        """The design in which ``unit`` (a community, say) is a stratum and not a sampled cluster.

        For statements about each of the sampled units themselves, as when they are reported or
        ranked. Units crossed with strata become the strata; stages of sampling inside them stay, or
        rows are the sampling units where there are none. fpc: population of the new first stage;
        without it that stage keeps its own, unless units cut through its clusters. Weights stay,
        calibration and replicates do not.
        """
        if unit not in self.frame.columns:
            raise KeyError(f"unit={unit!r}: the frame has no such column")
        codes, labels = _stages.encode(self.frame[unit])
        if codes.min() < 0:
            missing = codes < 0
            raise InputError(Fault("survey.unit_missing", {"column": unit, "n": int(missing.sum())}))
        parent = _stages.cross(self.stages[0].strata, codes, len(labels))
        kept = [stage for stage in self.stages if not _within(stage.clusters, parent)]
        built: list[Stage] = []
        faults: list[Fault] = []
        for stage in kept or [Stage(parent, np.arange(len(self), dtype=np.intp))]:
            moved = stage.inside(parent)
            if not built and fpc is not None:
                size = _stages.population(self.frame, fpc, moved.strata, moved.sampled, faults)
                moved = Stage(moved.strata, moved.clusters, size)
            built.append(moved)
            parent = moved.clusters
        if faults:
            raise InputError(faults)
        note = f"{unit} is a stratum here: statements are about these {len(labels)} units and no others"
        if self.calibration or self.replicates is not None:
            note += "; weights stay, the calibration and replicates behind them are not used"
        other = self.altered(calibration=(), notes=(*self.notes, note))
        other._set(stages=tuple(built), replicates=None)
        return other

    def lonely_fault(self, stage: Stage, strata: NDArray[np.intp]) -> Fault:
        """What to tell about strata (codes) that have one sampled unit."""
        codes = np.unique(strata)
        rows = [str(self.frame.index[int(np.argmax(stage.strata == one))]) for one in codes[:5]]
        shown = ", ".join(rows) + (", …" if len(codes) > 5 else "")
        return Fault("survey.lonely_psu", {"n": len(codes), "rows": shown})

    @cached_property
    def degf(self) -> int:
        """Degrees of freedom: first-stage units minus strata, both counted among the rows inside."""
        if self.replicates is not None:
            return self.replicates.degf
        first = self.stages[0]
        if self.inside is None:
            return len(first.stratum_of) - len(first.sampled)
        seen = np.bincount(first.clusters[self.inside], minlength=len(first.stratum_of)) > 0
        return int(seen.sum()) - len(np.unique(first.stratum_of[seen]))


def _names(given: str | Sequence[str] | None) -> list[str]:
    if given is None:
        return []
    return [given] if isinstance(given, str) else list(given)


def _within(inner: NDArray[np.intp], outer: NDArray[np.intp]) -> bool:
    """Whether each inner unit holds whole outer units, so that it is no unit of sampling inside them."""
    home = np.zeros(int(outer.max(initial=-1)) + 1, dtype=np.intp)
    home[outer] = inner
    return bool((home[outer] == inner).all())
