"""A small study with its mask."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from govlab.disclosure import Margin, Mask


@pytest.fixture(scope="module")
def study():
    rng = np.random.default_rng(3)
    size = 400
    frame = pd.DataFrame(
        {
            "zone": rng.choice(["A", "B", "C"], size, p=[0.5, 0.47, 0.03]),
            "wave": rng.integers(1, 3, size),
            "q": rng.integers(1, 6, size).astype(float),
            "r": rng.choice([0.0, 1.0, np.nan], size, p=[0.5, 0.4, 0.1]),
        }
    )
    margins = [
        Margin(("zone", "wave"), ("q", "r")),
        Margin(("wave",), ("q",), "answers"),
        Margin(("zone",), ("q",)),
    ]
    return frame, Mask.compute(frame, margins, places=["zone", "wave"])
