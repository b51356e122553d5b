"""Wheels of a kit: markers are read for the laptops, and what is missing is fetched until nothing is."""

from __future__ import annotations

import subprocess
import zipfile
from importlib import metadata
from pathlib import Path

import pytest

from govlab.errors import InputError
from govlab.workshop import kit_fetch
from govlab.workshop.kit_fetch import PipFetch
from govlab.workshop.kit_own import lock_file, repacked, write_wheel
from govlab.workshop.kit_target import PLATFORMS, PYTHONS, target
from govlab.workshop.kit_wheels import closure, gather, read_lock, read_wheel, read_wheels

WINDOWS = target("win_amd64", "3.12")
LINUX = target("manylinux_2_28_x86_64", "3.12")
MAC = target("macosx_12_0_arm64", "3.11")
LOCK = lock_file().read_text(encoding="utf-8")
# name -> what it requires; all in version 1.0
SHELF = {
    "app": ("shell>=1; sys_platform == 'win32'", "Pretty_Print[colour]", "old; python_version < '3.12'"),
    "pretty-print": ("paint; extra == 'colour'", "brush; extra == 'art'"),
    "shell": ("winpty; os_name == 'nt'", "ptyprocess; os_name != 'nt'"),
    "paint": (),
    "winpty": (),
    "ptyprocess": (),
    "old": (),
    "brush": (),
}


def wheel(folder: Path, name: str, requires: tuple[str, ...] = (), version: str = "1.0") -> Path:
    home = f"{name.replace('-', '_')}-{version}.dist-info"
    said = ["Metadata-Version: 2.1", f"Name: {name}", f"Version: {version}"]
    said += [f"Requires-Dist: {one}" for one in requires]
    path = folder / f"{name.replace('-', '_')}-{version}-py3-none-any.whl"
    files = {
        f"{name}.py": b"",
        f"{home}/METADATA": "\n".join(said).encode(),
        f"{home}/WHEEL": b"Wheel-Version: 1.0\nTag: py3-none-any\n",
    }
    write_wheel(path, files, f"{home}/RECORD")
    return path


class Shelf:
    """A downloader with a few wheels; remembers what it was asked for."""

    def __init__(self, *without: str) -> None:
        self.without, self.asked = without, list[tuple[str, ...]]()

    def __call__(self, wanted, folder):
        self.asked.append(tuple(wanted))
        for one in wanted:
            name = one.partition("=")[0].partition(">")[0]
            if name not in self.without:
                wheel(folder, name, SHELF[name])


@pytest.mark.parametrize(
    ("laptops", "wanted"),
    [
        (WINDOWS, {"app", "pretty-print", "paint", "shell", "winpty"}),
        (LINUX, {"app", "pretty-print", "paint"}),
        (MAC, {"app", "pretty-print", "paint", "old"}),
    ],
    ids=lambda value: getattr(value, "platform", ""),
)
def test_the_set_is_closed_for_the_laptops_and_holds_nothing_else(tmp_path, laptops, wanted):
    shelf = Shelf()
    wheels = gather(["app"], tmp_path, laptops, {"app": "1.0", "paint": "1.0"}, shelf)
    assert set(wheels) == wanted
    found = closure(["app"], read_wheels(tmp_path), laptops.markers())
    assert found.closed and found.needed == wanted
    assert shelf.asked[0] == ("app==1.0",)
    assert any("paint==1.0" in asked for asked in shelf.asked)


def test_closure_names_what_is_missing_and_what_is_wrong(tmp_path):
    wheel(tmp_path, "app", ("shell>=2; sys_platform == 'win32'", "paint<3", "paint!=2"))
    wheel(tmp_path, "shell")
    found = closure(["app"], read_wheels(tmp_path), WINDOWS.markers())
    assert found.missing == {"paint": ("paint!=2", "paint<3")}
    assert found.wrong == (("app", "shell>=2", "1.0"),)
    assert not found.closed
    with pytest.raises(InputError, match=r"app needs shell>=2, but the lock or the folder has 1\.0"):
        gather(["app"], tmp_path, WINDOWS, {}, Shelf())


def test_what_cannot_be_had_is_named(tmp_path):
    with pytest.raises(InputError) as error:
        gather(["app"], tmp_path, WINDOWS, {}, Shelf("winpty"))
    assert "winpty" in error.value.text("zh") and "win_amd64" in error.value.text("zh")


def test_several_requirements_on_one_are_asked_for_together(tmp_path):
    wheel(tmp_path, "app", ("paint>=1", "brush", "brush>0.5"))
    shelf = Shelf()
    gather(["app"], tmp_path, LINUX, {"paint": "1.0"}, shelf)
    assert shelf.asked == [("brush>0.5", "paint==1.0")]


def test_the_lock_is_read_for_the_laptops():
    text = "# made\nnumpy==2.4 ; python_full_version < '3.12'\nnumpy==2.5 ; python_full_version >= '3.12'\n"
    text += "colorama==0.4.6 ; sys_platform == 'win32'\nJinja2==3.1\n"
    assert read_lock(text, WINDOWS.markers()) == {"numpy": "2.5", "colorama": "0.4.6", "jinja2": "3.1"}
    assert read_lock(text, MAC.markers()) == {"numpy": "2.4", "jinja2": "3.1"}


@pytest.mark.parametrize(
    ("platform", "python"), [*((one, "3.12") for one in PLATFORMS), *(("win_amd64", one) for one in PYTHONS)]
)
def test_the_shipped_lock_has_one_version_of_each(platform, python):
    pins = read_lock(LOCK, target(platform, python).markers())
    assert {"jupyterlab", "jupyterlab-language-pack-zh-cn", "numpy", "packaging", "pandas"} <= pins.keys()
    windows = {"colorama", "pywinpty"} <= pins.keys()
    assert windows == (platform == "win_amd64")
    assert ("pexpect" in pins) != windows


def test_targets_are_checked_together():
    with pytest.raises(InputError) as error:
        target("win32", "2.7")
    assert [fault.key for fault in error.value.faults] == ["workshop_kit.platform", "workshop_kit.python"]
    assert "win_amd64" in str(error.value) and "3.12" in str(error.value)
    assert target("win_amd64", "3.12.4").release == "3.12.4"
    assert target("win_amd64", "3.12.4").python == "3.12"


def test_pip_is_asked_for_wheels_of_the_laptops(tmp_path):
    line = " ".join(PipFetch(LINUX).command(["a==1"], tmp_path))
    assert "--platform manylinux_2_28_x86_64 --platform manylinux_2_27_x86_64" in line
    assert "--platform manylinux2014_x86_64 --implementation cp --python-version 3.12.10" in line
    assert "--no-deps --only-binary=:all:" in line
    assert "manylinux_2_28" not in " ".join(target("manylinux2014_x86_64", "3.12").tags())
    assert target("win_amd64", "3.12").tags() == ("win_amd64",)


@pytest.mark.parametrize(
    ("said", "key"),
    [
        (
            "WARNING: Retrying ... NewConnectionError('...')\nERROR: No matching distribution found for a",
            "network",
        ),
        ("ERROR: disk is full", "pip"),
    ],
)
def test_refusals_of_pip(monkeypatch, tmp_path, said, key):
    done = subprocess.CompletedProcess([], 1, "", said)
    monkeypatch.setattr(kit_fetch.subprocess, "run", lambda *words, **options: done)
    with pytest.raises(InputError) as error:
        PipFetch(WINDOWS)(["a==1", "b==2"], tmp_path)
    assert [fault.key for fault in error.value.faults] == [f"workshop_kit.{key}"]


def test_everything_without_a_wheel_is_named_at_once(monkeypatch, tmp_path):
    def run(command, **options):
        lacking = [one for one in command if one in ("a==1", "c==3")]
        said = f"ERROR: No matching distribution found for {lacking[0]}" if lacking else ""
        return subprocess.CompletedProcess(command, bool(lacking), "", said)

    monkeypatch.setattr(kit_fetch.subprocess, "run", run)
    with pytest.raises(InputError, match=r"of: a==1, c==3\. Try") as error:
        PipFetch(MAC)(["a==1", "b==2", "c==3"], tmp_path)
    assert "macosx_12_0_arm64" in str(error.value)
    PipFetch(MAC)(["b==2"], tmp_path)


def test_without_pip(monkeypatch, tmp_path):
    monkeypatch.setattr(kit_fetch, "find_spec", lambda name: None)
    with pytest.raises(InputError, match="ensurepip"):
        PipFetch(WINDOWS)(["a==1"], tmp_path)


def test_an_installed_copy_makes_its_own_wheel(tmp_path):
    """Unpacked as an installer does, with its notes and scripts: packed again the bytes are the same."""
    made = wheel(tmp_path, "stone")
    site = tmp_path / "lib" / "site"
    with zipfile.ZipFile(made) as archive:
        archive.extractall(site)
    notes = {"stone-1.0.dist-info/INSTALLER": "pip\n", "../../bin/stone": "#!", "__pycache__/stone.pyc": ""}
    with (site / "stone-1.0.dist-info" / "RECORD").open("a") as record:
        for name, content in notes.items():
            (site / name).parent.mkdir(parents=True, exist_ok=True)
            (site / name).write_text(content)
            record.write(f"{name},,\n")
    (installed,) = metadata.distributions(path=[str(site)])
    again = repacked(installed, site)
    assert again.name == made.name
    assert again.read_bytes() == made.read_bytes()
    (site / "stone.py").write_text("changed = True\n")
    with pytest.raises(InputError, match=r"stone\.py"):
        repacked(installed, site)
    (site / "stone-1.0.dist-info" / "RECORD").unlink()
    with pytest.raises(InputError, match="not whole"):
        repacked(next(iter(metadata.distributions(path=[str(site)]))), site)


def test_two_wheels_of_one_and_damaged_ones(tmp_path):
    wheel(tmp_path, "stone")
    wheel(tmp_path, "stone", version="2.0")
    with pytest.raises(InputError, match="two wheels of stone"):
        read_wheels(tmp_path)
    broken = tmp_path / "broken-1.0-py3-none-any.whl"
    broken.write_bytes(b"no zip")
    with pytest.raises(InputError, match=r"broken-1\.0"):
        read_wheel(broken)
