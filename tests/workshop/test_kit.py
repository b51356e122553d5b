"""A kit made whole, with made-up wheels; refusals leave nothing behind. One real kit is slow."""

from __future__ import annotations

import json
import sys
import zipfile
from pathlib import Path

import pytest

from govlab.cli import main
from govlab.errors import Fault, InputError
from govlab.workshop import kit, kit_web
from govlab.workshop.kit_fetch import PipFetch
from govlab.workshop.kit_own import lock_file, own_wheel, write_wheel
from govlab.workshop.kit_wheels import gather, read_lock

WINDOWS = kit.target("win_amd64", "3.12")


def wheel(folder: Path, name: str, version: str, requires: tuple[str, ...] = ()) -> Path:
    home = f"{name}-{version}.dist-info"
    said = [f"Name: {name}", f"Version: {version}", *(f"Requires-Dist: {one}" for one in requires)]
    path = folder / f"{name}-{version}-py3-none-any.whl"
    write_wheel(path, {f"{home}/METADATA": "\n".join(said).encode()}, f"{home}/RECORD")
    return path


def own(folder):
    return wheel(folder, "govlab", "0.1.0", ("packaging", "colorama; sys_platform == 'win32'"))


def fetch(wanted, folder):
    for one in wanted:
        wheel(folder, *one.split("=="))


@pytest.fixture(autouse=True)
def nothing_from_npm(monkeypatch):
    monkeypatch.setattr(kit_web, "PACKAGES", ())


@pytest.mark.parametrize("edition", ["participant", "trainer"])
def test_a_kit_is_whole_and_checks_itself(tmp_path, edition):
    told = []
    out = tmp_path / "培训 包"
    made = kit.make(
        out, WINDOWS, "zh", edition=edition, zipped=True, fetch=fetch, registry=lambda one: ("", b""),
        own=own, tell=lambda step, values: told.append(step),
    )  # fmt: skip
    assert told[:4] == ["web", "own", "round", "closed"]
    assert told[4:] == ([] if sys.platform == "win32" else ["only_there"])
    assert {path.name.partition("-")[0] for path in (out / "wheels").iterdir()} == {
        "govlab",
        "packaging",
        "colorama",
    }
    assert sorted(path.name for path in tmp_path.iterdir()) == [out.name, f"{out.name}.zip"]
    tops = {path.name for path in out.iterdir()} - {"web"}
    plain = {"README.txt", "kit.json", "lessons", "manifest.json", "start.bat", "start.py", "wheels"}
    assert tops == (plain | {"trainer"} if edition == "trainer" else plain)
    assert made.size == sum(path.stat().st_size for path in out.rglob("*") if path.is_file())
    assert kit.verify(out) == kit.verify(made.zipped) == len([*out.rglob("*.*")]) - 1
    with zipfile.ZipFile(made.zipped) as archive:
        assert {name.partition("/")[0] for name in archive.namelist()} == {out.name}
        assert archive.getinfo(f"{out.name}/wheels/govlab-0.1.0-py3-none-any.whl").compress_type == 0
    for path in (out / "lessons").glob("*.ipynb"):
        tags = [
            tag
            for cell in json.loads(path.read_text("utf-8"))["cells"]
            for tag in cell["metadata"].get("tags", ())
        ]
        assert not {"solution", "trainer", "en"} & set(tags)
    assert len([*(out / "lessons").glob("lesson-*-zh.ipynb")]) == made.lessons > 0
    said = json.loads((out / "manifest.json").read_text("utf-8"))
    assert (said["platform"], said["python"], said["lang"]) == ("win_amd64", "3.12", "zh")
    assert (out / "start.py").read_bytes() == Path(kit.__file__).with_name("kit_start.py").read_bytes()


def test_nothing_is_left_behind(tmp_path):
    def cut_off(wanted, folder):
        raise InputError(Fault("workshop_kit.network", {"what": "pip"}))

    def full(wanted, folder):
        raise OSError(28, "No space left on device")

    for failing, wanted in ((cut_off, "did not get through to the network"), (full, "No space left")):
        with pytest.raises(InputError, match=wanted):
            kit.make(tmp_path / "kit", WINDOWS, "en", zipped=True, fetch=failing, own=own)
        assert not list(tmp_path.iterdir())

    def stopped(wanted, folder):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        kit.make(tmp_path / "kit", WINDOWS, "en", fetch=stopped, own=own)
    assert not list(tmp_path.iterdir())


def test_what_is_there_stays(tmp_path):
    out = tmp_path / "kit"
    out.mkdir()
    (out / "mine").write_text("mine")
    (tmp_path / "kit.zip").write_text("mine")
    with pytest.raises(InputError) as error:
        kit.make(out, WINDOWS, "en", zipped=True, fetch=fetch, own=own)
    assert [fault.where for fault in error.value.faults] == [(str(out),), (str(tmp_path / "kit.zip"),)]
    (out / "mine").unlink()
    kit.make(out, WINDOWS, "en", fetch=fetch, own=own)
    assert kit.verify(out)


def test_the_command(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(kit, "PipFetch", lambda wanted: fetch)
    real = kit.make
    monkeypatch.setattr(kit, "make", lambda *words, **options: real(*words, **options, own=own))
    out = tmp_path / "kit"
    assert main(["workshop", "kit", str(out), "--lang", "zh", "--zip", "--python", "3.13"]) == 0
    said = capsys.readouterr().out
    assert sys.platform == "win32" or "会漏掉的：colorama" in said
    assert "齐全：3 个安装包" in said and "python.org" in said and "3.13" in said and f"{out}.zip" in said
    assert main(["workshop", "verify", str(out), "--lang", "en"]) == 0
    assert "files are whole" in capsys.readouterr().out
    (out / "README.txt").write_text("x")
    assert main(["workshop", "verify", str(out), "--lang", "zh"]) == 2
    assert "README.txt：与写入时不同" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        (["bake", "x"], "kit, verify, open"),
        (["kit"], "kit needs one place, got 0"),
        (["kit", "a", "b"], "kit needs one place, got 2"),
        (["kit", "a", "--platform", "win32"], "win_amd64"),
        (["kit", "a", "--python", "3.8"], "3.12"),
        (["kit", "a", "--edition", "all"], "participant, trainer"),
        (["verify", "away"], "no such folder"),
        (["open", "away"], "no such folder"),
    ],
)
def test_refusals(tmp_path, monkeypatch, capsys, words, wanted):
    monkeypatch.chdir(tmp_path)
    assert main(["workshop", *words, "--lang", "en"]) == 2
    assert wanted in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


@pytest.mark.slow
def test_real_wheels_for_windows_hold_what_only_windows_needs(tmp_path):
    """Part of a real kit: JupyterLab's server for Windows, closed, fetched on whatever runs this."""
    pins = read_lock(lock_file().read_text(encoding="utf-8"), WINDOWS.markers())
    try:
        wheels = gather(["jupyter-server-terminals", "tqdm"], tmp_path, WINDOWS, pins, PipFetch(WINDOWS))
    except InputError as error:
        if error.faults[0].key == "workshop_kit.network":
            pytest.skip("no package index can be reached")
        raise
    assert {"pywinpty", "colorama"} <= wheels.keys()
    assert not {"pexpect", "ptyprocess"} & wheels.keys()
    assert "win_amd64" in wheels["pywinpty"].path.name


@pytest.mark.slow
def test_our_own_wheel_carries_the_lock(tmp_path):
    with zipfile.ZipFile(own_wheel(tmp_path)) as archive:
        assert archive.read("govlab/shipped/requirements.lock") == lock_file().read_bytes()
        assert "govlab/workshop/kit_start.py" in archive.namelist()
