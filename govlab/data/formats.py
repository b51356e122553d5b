"""The format number that every file a user keeps carries, and what to say when it is not ours."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from govlab.errors import Fault

# study: study.toml; batch: reports/*.toml; catalogue: catalogue/**/*.yaml; manifest: .govlab/manifest.json
CURRENT: Mapping[str, int] = MappingProxyType({"study": 1, "batch": 1, "catalogue": 1, "manifest": 1})


def format_fault(
    kind: str, found: object, where: tuple[str, ...], current: Mapping[str, int] = CURRENT
) -> Fault | None:
    """Why a file of this kind with ``format = found`` cannot be read as it is; None if it can."""
    known = current[kind]
    if not isinstance(found, int) or isinstance(found, bool) or found < 0:
        return Fault("data.format.missing", {"known": known}, where)
    if found > known:
        return Fault("data.format.newer", {"found": found, "known": known}, where)
    if found < known:
        return Fault("data.format.older", {"found": found, "known": known}, where)
    return None
