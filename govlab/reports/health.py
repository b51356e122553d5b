"""Whether this machine can make reports: every part is really tried, not just looked for."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from nbformat import NotebookNode

    from govlab.data.workspace import Workspace

State = Literal["ok", "missing", "broken", "advice"]
_SAMPLE = "# 社区治理 Community\n\n| 社区 | 户数 |\n|---|---:|\n| 甲 | 1,224 |\n"


@dataclass(frozen=True)
class Finding:
    """What was tried and how it went.

    state: ok; missing: not installed; broken: installed and does not work; advice: works without.
    detail: versions, sizes, the error. remedy: message id that says how to get it.
    """

    name: str
    state: State
    detail: str = ""
    remedy: str | None = None

    @property
    def well(self) -> bool:
        """Whether govlab can work with this."""
        return self.state in ("ok", "advice")


def examine(workspace: Workspace | None = None) -> Iterator[Finding]:
    """Try everything, one finding at a time; takes some seconds, touches no network.

    workspace: also look at whether its output folder can be written.
    """
    yield Finding("python", "ok", ".".join(map(str, sys.version_info[:3])))
    yield _packages()
    yield _tried("font", _font, "health.remedy.font")
    yield _tried("pandoc", _pandoc, "health.remedy.pandoc")
    yield _tried("typst", _typst, "health.remedy.typst")
    yield _tried("kernel", _kernel, "health.remedy.kernel")
    from govlab.reports.formats import FORMATS

    with TemporaryDirectory(prefix="govlab-", ignore_cleanup_errors=True) as folder:
        for name in FORMATS:
            attempt = partial(_format, name, Path(folder))
            yield _tried(f"format.{name}", attempt, "health.remedy.format")
    yield _chinese_menus()
    if workspace is not None:
        yield _tried("output", partial(_writable, workspace.out), "health.remedy.output")


def _tried(name: str, attempt: Callable[[], str], remedy: str) -> Finding:
    try:
        return Finding(name, "ok", attempt())
    except ModuleNotFoundError as error:
        return Finding(name, "missing", str(error.name), "health.remedy.package")
    except Exception as error:  # whatever is wrong with a part is what we are here to tell
        return Finding(name, "broken", f"{type(error).__name__}: {error}"[:300], remedy)


def _packages() -> Finding:
    try:
        wanted = requires("govlab") or []
    except PackageNotFoundError:
        return Finding("packages", "ok", "govlab is run from its source")
    # Extras (tests, development) are marked; everything else is needed.
    names = [re.split(r"[^A-Za-z0-9._-]", one)[0] for one in wanted if "extra ==" not in one]
    missing = []
    for name in names:
        try:
            version(name)
        except PackageNotFoundError:
            missing.append(name)
    if missing:
        return Finding("packages", "missing", ", ".join(missing), "health.remedy.package")
    return Finding("packages", "ok", str(len(names)))


def _font() -> str:
    from fontTools.ttLib import TTFont

    from govlab.plots import font_path

    path = font_path()
    with TTFont(path, lazy=True) as font:
        known = font.getBestCmap()
    lacking = [sign for sign in "社区治理，。：１" if ord(sign) not in known]
    if lacking:
        raise LookupError(f"{path.name} has no {''.join(lacking)}")
    return path.name


def _pandoc() -> str:
    import pypandoc

    made = pypandoc.convert_text(_SAMPLE, "html", format="gfm")
    if "<td>甲</td>" not in made.replace(' style="text-align: left;"', ""):
        raise RuntimeError("a Chinese table did not come through")
    return str(pypandoc.get_pandoc_version())


def _typst() -> str:
    import typst

    from govlab.plots import font_path

    with TemporaryDirectory(prefix="govlab-") as folder:
        source = Path(folder) / "sample.typ"
        source.write_text('#set text(font: "Noto Sans SC")\n社区治理', encoding="utf-8")
        made: Any = typst.compile(source, font_paths=[font_path().parent], ignore_system_fonts=True)
    if not bytes(made).startswith(b"%PDF"):
        raise RuntimeError("no PDF came out")
    return version("typst")


def _kernel() -> str:
    from nbclient import NotebookClient

    notebook = _notebook("print(6 * 7)")
    # What a kernel has to say about itself at its start is no concern of who asks whether it works.
    NotebookClient(notebook, timeout=60, kernel_name="python3").execute(stderr=subprocess.DEVNULL)
    said = "".join(output.get("text", "") for output in notebook.cells[-1].outputs)
    if said.strip() != "42":
        raise RuntimeError(f"6 * 7 gave {said!r}")
    return f"ipykernel {version('ipykernel')}"


def _notebook(code: str) -> NotebookNode:
    import nbformat

    v4: Any = nbformat.v4
    cells = [v4.new_markdown_cell(_SAMPLE, id="text"), v4.new_code_cell(code, id="code")]
    notebook: NotebookNode = v4.new_notebook(cells=cells)
    return notebook


def _format(name: str, folder: Path) -> str:
    from govlab.reports.formats import PageInfo, render

    page = PageInfo(lang="zh", title="社区治理")
    files = render(_notebook(""), page, [name], folder / "sample")
    size = files[name].stat().st_size
    if not size:
        raise RuntimeError("an empty file came out")
    return f"{size / 1024:.0f} KB"


def _chinese_menus() -> Finding:
    from govlab.data.lab import chinese_available

    if chinese_available():
        return Finding("menus", "ok", version("jupyterlab-language-pack-zh-CN"))
    return Finding("menus", "advice", "", "health.remedy.menus")


def _writable(folder: Path) -> str:
    folder.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=folder, prefix=".govlab-"):
        pass
    return str(folder)
