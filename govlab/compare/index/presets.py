"""Conventions of a much used web tool by name, so that an old paper can be matched, and what differs.

After the help pages of SPSSAU (spssau.net/helps: entropy, entropy TOPSIS, CRITIC, AHP, coupling; read in
2026). The table of random indices that goes with its AHP is the one Chinese tools and textbooks share.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TYPE_CHECKING

from govlab.compare.index.specification import IndexSpec

if TYPE_CHECKING:
    from govlab.compare.index.coordination import Coupling


@dataclass(frozen=True)
class Preset:
    """A convention: the choices it fixes, and the message that says what differs and why it matters."""

    name: str
    differs: str  # key of a message
    weights: str = "given"
    normalisation: str = "minmax"
    scale: tuple[float, float] = (0.0, 1.0)
    aggregation: str = "arithmetic"
    shift: float = 0.01

    def text(self, lang: str) -> str:
        """What differs from this package's defaults and why it matters, in a sentence or two."""
        from govlab.language import say

        return say(self.differs, lang=lang)


PRESETS: Mapping[str, Preset] = MappingProxyType(
    {
        "spssau-entropy": Preset("spssau-entropy", "index.preset_entropy", weights="entropy"),
        "spssau-entropy-topsis": Preset(
            "spssau-entropy-topsis", "index.preset_entropy_topsis", weights="entropy", aggregation="topsis"
        ),
        "spssau-critic": Preset("spssau-critic", "index.preset_critic", weights="critic"),
        "spssau-pca": Preset(
            "spssau-pca", "index.preset_pca", weights="pca-combination", normalisation="zscore"
        ),
        "spssau-ahp": Preset("spssau-ahp", "index.preset_ahp"),
        "spssau-coupling": Preset("spssau-coupling", "index.preset_coupling", scale=(0.01, 0.99)),
    }
)


def preset(spec: IndexSpec, name: str) -> IndexSpec:
    """The specification under a named convention: weights, scale and aggregation replaced, data rules kept.

    For ``spssau-ahp`` take the weights from ``ahp(..., method="columns", convention="spssau")`` first; for
    ``spssau-coupling`` give the group scores to ``coupling_as_spssau``. ValueError for another name.
    """
    if name not in PRESETS:
        raise ValueError(f"name must be one of {', '.join(PRESETS)}, got {name!r}")
    one = PRESETS[name]
    # A scale from 0 to 1 as users of the tool make it; the tool then adds its shift to the 0.
    low, high = one.scale
    moved = (low + one.shift, high + one.shift) if one.weights == "entropy" else (low, high)
    return replace(
        spec,
        weights=one.weights,
        normalisation=one.normalisation,
        scale=moved,
        aggregation=one.aggregation,
        shift=one.shift,
        preset=name,
    )


def coupling_as_spssau(scores: object, *, unit: str) -> Coupling:
    """Coupling of a table of subsystem scores with its columns first brought to [0.01, 0.99]."""
    import pandas as pd

    from govlab.compare.index.coordination import compressed, coupling

    if not isinstance(scores, pd.DataFrame):
        raise TypeError(f"scores must be a data frame, got {type(scores).__name__}")
    frame = scores.copy()
    names = [name for name in frame.columns if name != unit]
    frame[names] = compressed(frame[names].to_numpy(dtype=float))
    return coupling(frame, unit=unit)
