"""Parquet, through fastparquet: small enough to be carried along, where the usual library weighs 170 MB."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from govlab.data.atomic import write_whole

if TYPE_CHECKING:
    import pandas as pd

_KEY = "govlab"


def parquet_bytes(frame: pd.DataFrame, said: Mapping[str, Any]) -> bytes:
    """A frame (numbers, text, categories, times) as a Parquet file; the same frame gives the same bytes.

    said: what goes with it as JSON; ``read_parquet`` hands it back.
    """
    import tempfile

    import fastparquet

    text = {name: "utf8" for name in frame.columns if _is_text(frame[name])}
    kinds = {name: _kind(frame[name]) for name in frame.columns}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "frame.parquet"
        fastparquet.write(
            str(path),
            frame.astype(dict.fromkeys(text, object)),
            compression="ZSTD",
            object_encoding=dict.fromkeys(text, "utf8"),
            write_index=False,
            stats=False,
            custom_metadata={_KEY: json.dumps({"said": dict(said), "kinds": kinds}, ensure_ascii=False)},
        )
        return path.read_bytes()


def write_parquet(frame: pd.DataFrame, path: Path, said: Mapping[str, Any]) -> None:
    """Write ``parquet_bytes`` whole or not at all."""
    write_whole(path, parquet_bytes(frame, said))


def read_parquet(path: Path) -> tuple[pd.DataFrame, dict[str, Any] | None]:
    """The frame, and what was said with it; None for that if govlab did not write the file.

    OSError if it cannot be opened, ValueError if it is broken or no Parquet.
    """
    import fastparquet

    with path.open("rb") as file:
        try:
            source = fastparquet.ParquetFile(file)
            frame = source.to_pandas(index=False)
            own = source.key_value_metadata.get(_KEY)
        except Exception as error:  # a broken file surfaces in many shapes
            raise ValueError(f"{path.name}: {error}") from error
    if own is None:
        return frame, None
    known = json.loads(own)
    return frame.astype(_dtypes(known["kinds"])), known["said"]


def _is_text(column: pd.Series[Any]) -> bool:
    import pandas as pd

    return pd.api.types.is_string_dtype(column.dtype) and not isinstance(column.dtype, pd.CategoricalDtype)


def _kind(column: pd.Series[Any]) -> Any:
    import pandas as pd

    if isinstance(column.dtype, pd.CategoricalDtype):
        return {
            "categories": [str(one) for one in column.cat.categories],
            "ordered": bool(column.cat.ordered),
        }
    return "text" if _is_text(column) else str(column.dtype)


def _dtypes(kinds: Mapping[str, Any]) -> dict[str, Any]:
    import pandas as pd

    found: dict[str, Any] = {}
    for name, kind in kinds.items():
        if isinstance(kind, dict):
            found[name] = pd.CategoricalDtype(kind["categories"], ordered=kind["ordered"])
        else:
            found[name] = pd.StringDtype(na_value=float("nan")) if kind == "text" else kind
    return found
