"""Processor seconds to minimise noisy truth tables: ``python tests/benchmarks/qca_minimise.py [conditions]``.

Outcomes are drawn without regard to conditions, which is as hard as it gets. Bar: 12 conditions in under ten
seconds, memory bounded, however many models there are.
"""

from __future__ import annotations

import resource
import sys
import time

import numpy as np
import pandas as pd

from govlab.compare import qca


def main(conditions: int) -> None:
    """Print a line a case count and kind of solution."""
    for n in (60, 100, 200):
        rng = np.random.default_rng(n)
        names = [f"C{place:02d}" for place in range(conditions)]
        frame = pd.DataFrame(rng.integers(0, 2, (n, conditions)), columns=names)
        table = qca.truth_table(frame.assign(Y=rng.integers(0, 2, n)), "Y", names)
        for kind in ("complex", "parsimonious", "intermediate"):
            began = time.process_time()
            found = qca.minimise(table, solution=kind, expectations=dict.fromkeys(names, 1))
            seconds = time.process_time() - began
            many = "more" if found.n_models is None else found.n_models
            print(
                f"{n:4d} cases, {kind:12s}: {seconds:6.2f} s, {len(found.primes):5d} primes, "
                f"{len(found.models[0].literals):3d} terms, {len(found.models):4d} models listed of {many}"
            )
    print(f"peak memory: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 12)
