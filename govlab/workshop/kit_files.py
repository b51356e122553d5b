"""What a kit holds beside wheels: lessons, data to open, how to start, what to read first."""

from __future__ import annotations

import json
import shutil
import zipfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from govlab.language import say
from govlab.workshop import kit_start
from govlab.workshop.building import build
from govlab.workshop.kit_target import Target
from govlab.workshop.lessons import Edition, lessons

WORK = "my-lessons"
# What start.py says, by its name there; texts with {places} are filled on the laptop.
_SAID = ("whole", "broken", "python", "platform", "long", "checking", "installing", "failed", "starting")
_BUILDS = {"windows": ["win_amd64"], "mac": ["arm64", "universal2"]}

# Lines of plain ASCII: cmd reads a batch file in the code page of the console, whichever that is.
# No blocks in brackets: a bracket in the folder's name would end them.
_BAT = """\
@echo off
setlocal DisableDelayedExpansion
title govlab
py -{python} -c "import sys" >nul 2>nul
if not errorlevel 1 goto launcher
python -c "import sys; sys.exit(sys.version_info[:2] != ({tuple}))" >nul 2>nul
if not errorlevel 1 goto path
echo Python {python} (64-bit) was not found. Install it from python.org, then start again: see README.txt
start "" notepad "%~dp0README.txt"
pause
exit /b 1
:launcher
py -{python} "%~dp0start.py" %*
goto ended
:path
python "%~dp0start.py" %*
:ended
set CODE=%errorlevel%
if not "%CODE%"=="0" pause
exit /b %CODE%
"""
_SH = """\
#!/bin/sh
# Python {python} is looked for under its own name first, then as python3.
here=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd) || exit 1
for python in python{python} python3 python; do
  if "$python" -c 'import sys; sys.exit(sys.version_info[:2] != ({tuple}))' >/dev/null 2>&1; then
    exec "$python" "$here/start.py" "$@"
  fi
done
echo "Python {python} was not found. Install it from python.org, then start again: see README.txt" >&2
exit 1
"""


def start_scripts(target: Target) -> dict[str, bytes]:
    """The start script of the target's system by name: CRLF and ASCII for Windows, LF elsewhere."""
    fill = {"python": target.python, "tuple": target.python.replace(".", ", ")}
    if target.system == "windows":
        return {"start.bat": _BAT.format_map(fill).replace("\n", "\r\n").encode("ascii")}
    return {"start.sh": _SH.format_map(fill).encode("ascii")}


def readme(target: Target, lang: str, *, trainer: bool) -> bytes:
    """What to do, in one language; with a byte order mark and CRLF, for any Windows' Notepad."""
    import govlab

    fill = {
        **{"python": target.python, "release": target.release, "platform": target.platform},
        **{"govlab": govlab.__version__, "work": WORK},
    }
    keys = ["title", f"steps_{target.system}", "work", "check", "trainer", "tried"]
    if not trainer:
        keys.remove("trainer")
    text = "\n\n".join(say(f"workshop_kit.readme.{key}", fill, lang=lang) for key in keys) + "\n"
    return b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode("utf-8")


def about(target: Target, lang: str, longest: int) -> dict[str, Any]:
    """``kit.json``: what start.py must know, and what it says."""
    import govlab

    fill = {"python": target.python, "platform": target.platform}
    return {
        "format": 1,
        "govlab": govlab.__version__,
        "platform": target.platform,
        "python": target.python,
        "system": target.markers()["sys_platform"],
        "builds": _BUILDS.get(target.system, [f"linux_{target.machine}"]),
        "lang": lang,
        "work": WORK,
        "longest": longest,
        "said": {name: say(f"workshop_kit.start.{name}", fill, lang=lang) for name in _SAID},
    }


def write_files(folder: Path, target: Target, lang: str, edition: Edition, longest: int) -> int:
    """Lessons, data, scripts, README and kit.json into the folder; the number of lessons.

    The trainer's edition, with its solutions, goes into a folder of its own.
    """
    known = lessons()
    for lesson in known:
        build(lesson, lang, "participant", ("ipynb",), folder / "lessons")
        if edition == "trainer":
            build(lesson, lang, "trainer", ("ipynb",), folder / "trainer")
    copy_data(folder / "lessons" / "data")
    for name, content in start_scripts(target).items():
        (folder / name).write_bytes(content)
        (folder / name).chmod(0o755)
    (folder / "README.txt").write_bytes(readme(target, lang, trainer=edition == "trainer"))
    shutil.copyfile(kit_start.__file__, folder / "start.py")
    said = json.dumps(about(target, lang, longest), ensure_ascii=False, indent=1) + "\n"
    (folder / kit_start.KIT).write_text(said, encoding="utf-8", newline="\n")
    return len(known)


def copy_data(folder: Path) -> None:
    """The demo study and the questionnaire to open in Excel; without scripts and without the true effects."""
    from govlab.data.locate import shipped

    for name in ("demo_study", "questionnaire"):
        source = shipped("datasets") / name
        for path in sorted(source.rglob("*")):
            if not path.is_file() or path.suffix in (".py", ".pyc") or path.stem.endswith("truth"):
                continue
            copy = folder / name / path.relative_to(source)
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, copy)


def longest_path(wheels: Iterable[Path]) -> int:
    """Characters of the longest path below ``.venv`` once these wheels are installed on Windows."""
    longest = 0
    for path in wheels:
        with zipfile.ZipFile(path) as archive:
            for name in archive.namelist():
                _, data, inside = name.partition(".data/data/")
                place = inside if data else f"Lib/site-packages/{name}"
                longest = max(longest, len(place))
    return longest
