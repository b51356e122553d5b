"""How long the catalogue takes to read and validate, beside the YAML parser alone.

Run by hand: ``python tests/benchmarks/catalogue_read.py``.
"""

import statistics
import time

import yaml

from govlab.cases import load_catalogue
from govlab.data.locate import shipped


def seconds(call) -> float:
    start = time.perf_counter()
    call()
    return time.perf_counter() - start


def parse_alone() -> None:
    for path in (shipped("datasets") / "catalogue").rglob("*.yaml"):
        yaml.load(path.read_bytes(), Loader=yaml.CSafeLoader)


load_catalogue()
pairs = [(seconds(load_catalogue), seconds(parse_alone)) for _ in range(15)]
ours, alone = (statistics.median(column) for column in zip(*pairs, strict=True))
print(f"load_catalogue: median {ours:.3f} s (bar 0.3 s); PyYAML's C loader alone: {alone:.3f} s")
print(f"ratio, pair by pair: {statistics.median(a / b for a, b in pairs):.2f}")
