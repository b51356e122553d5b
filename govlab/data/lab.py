"""How JupyterLab is started on a workspace: its folder, its language, nothing from the network."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from govlab.data.workspace import Workspace

# Folders with an ``overrides.json`` each: JupyterLab reads the defaults of its settings from there.
SETTINGS = Path(__file__).resolve().parent / "lab_settings"


def chinese_available() -> bool:
    """Whether the Chinese language pack of JupyterLab is installed."""
    return find_spec("jupyterlab_language_pack_zh_CN") is not None


def lab_arguments(
    workspace: Workspace, lang: str, *, browser: bool = True, port: int | None = None
) -> list[str]:
    """What goes after ``python -m jupyterlab``.

    No news, no update checks, no extension catalogue. The menus are Chinese if that is asked for
    and the language pack is there.
    """
    settings = SETTINGS / ("zh" if lang == "zh" and chinese_available() else "en")
    found = [
        f"--ServerApp.root_dir={workspace.root}",
        f"--ContentsManager.preferred_dir={workspace.notebooks.relative_to(workspace.root).as_posix()}",
        f"--LabApp.app_settings_dir={settings}",
        "--LabApp.news_url=None",
        "--LabApp.check_for_updates_class=jupyterlab.handlers.announcements.NeverCheckForUpdate",
        "--LabApp.extension_manager=readonly",
    ]
    if not browser:
        found.append("--no-browser")
    if port is not None:
        found.append(f"--port={port}")
    return found


def run_lab(arguments: Sequence[str], lang: str, folder: Path | None = None) -> int:
    """JupyterLab until it ends, by Ctrl-C as well; its exit code. Kernels speak ``lang``, in errors too."""
    command = [sys.executable, "-m", "jupyterlab", *arguments]
    try:
        return subprocess.call(command, cwd=folder, env=os.environ | {"GOVLAB_LANG": lang})
    except KeyboardInterrupt:
        return 0
