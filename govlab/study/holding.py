"""What a study says of who holds what and who does what: its ledger, its duties, tables beside them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from govlab.errors import Fault, InputError
from govlab.study.assessing import fact_flags

if TYPE_CHECKING:
    import pandas as pd

    from govlab.institutions.duties import Duties
    from govlab.institutions.ledger import Ledger
    from govlab.study.handle import Study

# Tables of the study folder that go with a ledger.
TABLES = ("devolved_streets", "devolved_communities", "payments", "funding")


def ledger(study: Study, name: str = "ledger") -> Ledger:
    """``ledger.xlsx`` or ``ledger.yaml`` of the study folder; InputError where there is none."""
    from govlab.institutions.ledger import Ledger

    return Ledger.load(_file(study.workspace.root, name, "ledger"), flags=fact_flags())


def duties(study: Study, name: str = "duties") -> Duties:
    """``duties.xlsx`` or ``duties.yaml`` of the study folder; InputError where there is none."""
    from govlab.institutions.duties import Duties

    return Duties.load(_file(study.workspace.root, name, "duties"), flags=fact_flags())


def table(study: Study, name: str) -> pd.DataFrame | None:
    """A table beside the ledger (``<name>.csv``), None where the study has none."""
    import pandas as pd

    if name not in TABLES:
        raise ValueError(f"name must be one of {', '.join(TABLES)}, got {name!r}")
    path = study.workspace.root / f"{name}.csv"
    return pd.read_csv(path, encoding="utf-8-sig") if path.is_file() else None


def _file(root: Path, name: str, room: str) -> Path:
    """A filled-in workbook before the YAML file."""
    for end in (".xlsx", ".yaml"):
        if (root / f"{name}{end}").is_file():
            return root / f"{name}{end}"
    raise InputError(Fault(f"{room}.no_file", {"name": f"{name}.xlsx / {name}.yaml"}))
