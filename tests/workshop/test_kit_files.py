"""Start scripts, README, kit.json, manifest, npm's packages: what lies on the stick beside the wheels."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from govlab.errors import InputError
from govlab.language import LANGUAGES
from govlab.workshop import kit_start, kit_web
from govlab.workshop.kit_files import about, copy_data, longest_path, readme, start_scripts
from govlab.workshop.kit_manifest import verify, write_manifest
from govlab.workshop.kit_target import target
from govlab.workshop.kit_web import Package, fetch_web, registry_address

WINDOWS = target("win_amd64", "3.12")
LINUX = target("manylinux_2_28_x86_64", "3.12")
MAC = target("macosx_12_0_arm64", "3.12")


def test_the_windows_script_is_ascii_with_crlf():
    (name,) = scripts = start_scripts(WINDOWS)
    content = scripts[name]
    assert name == "start.bat"
    assert content.isascii()
    assert content.count(b"\n") == content.count(b"\r\n") == len(content.splitlines())
    text = content.decode()
    assert text.startswith("@echo off\r\n")
    assert "py -3.12 " in text and "!= (3, 12)" in text
    # Every path in quotes (blanks, &), no block in brackets that a bracket in the path would end.
    assert re.findall(r".(?=%~dp0)", text) == ['"'] * text.count("%~dp0")
    assert not re.search(r"^\s*(if|for)\b.*\($", text, re.MULTILINE)
    for label in re.findall(r"goto (\w+)", text):
        assert f"\r\n:{label}\r\n" in text


def test_the_other_script_is_ascii_with_lf():
    for laptops in (LINUX, MAC):
        assert list(start_scripts(laptops)) == ["start.sh"]
        content = start_scripts(laptops)["start.sh"]
        assert content.startswith(b"#!/bin/sh\n") and content.isascii() and b"\r" not in content


@pytest.mark.skipif(os.name == "nt", reason="a script for sh")
def test_the_script_starts_from_a_folder_with_blanks_and_chinese_characters(tmp_path):
    here = tmp_path / "社区 培训 (1) & 'x'"
    here.mkdir()
    mine = target("manylinux_2_28_x86_64", f"3.{sys.version_info[1]}")
    (here / "start.sh").write_bytes(start_scripts(mine)["start.sh"])
    (here / "start.py").write_text("import sys; print(ascii(sys.argv))", encoding="utf-8")
    binaries = tmp_path / "bin"
    binaries.mkdir()
    (binaries / f"python{mine.python}").symlink_to(sys.executable)
    done = subprocess.run(
        ["sh", str(here / "start.sh"), "--port", "1"],
        env={"PATH": f"{binaries}:/usr/bin:/bin"}, cwd=tmp_path, check=True, capture_output=True, text=True,
    )  # fmt: skip
    assert done.stdout.strip() == ascii([str(here / "start.py"), "--port", "1"])
    other = start_scripts(target("manylinux_2_28_x86_64", "3.14"))["start.sh"]
    (here / "start.sh").write_bytes(other)
    done = subprocess.run(
        ["/bin/sh", str(here / "start.sh")],
        env={"PATH": str(binaries)}, check=False, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 1 and "python.org" in done.stderr


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("laptops", [WINDOWS, LINUX, MAC], ids=lambda one: one.platform)
def test_the_readme_says_what_to_install_and_what_was_not_tried(lang, laptops):
    data = readme(laptops, lang, trainer=False)
    assert data.startswith(b"\xef\xbb\xbf") and data.count(b"\n") == data.count(b"\r\n")
    text = data.decode("utf-8-sig")
    assert "Python 3.12" in text and "python.org" in text and "manifest.json" in text
    assert ("start.bat" if laptops is WINDOWS else "start.sh") in text
    assert "--edition trainer" not in text
    assert "--edition trainer" in readme(laptops, lang, trainer=True).decode()
    assert "{" not in text and (lang == "zh") == bool(re.search("[一-鿿]", text))
    if lang == "zh":
        assert not re.search(r"[一-鿿][,;:?!]", text)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_start_says_can_be_filled(lang):
    said = about(WINDOWS, lang, 150)["said"]
    assert "3.14" in said["python"].format(got="Python 3.14") and "3.12" in said["python"]
    assert "C:\\x" in said["long"].format(folder="C:\\x")
    assert "a.whl" in said["broken"].format(files="a.whl")
    assert set(said) >= {"checking", "installing", "failed", "starting", "whole", "platform"}


def kit_of_here(folder, **changes):
    said = about(LINUX, "en", 100) | {
        "python": f"3.{sys.version_info[1]}",
        "system": sys.platform,
        "builds": [kit_start.sysconfig.get_platform().replace("-", "_")],
    }
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "kit.json").write_text(json.dumps(said | changes), encoding="utf-8")
    return said | changes


def test_start_refuses_another_python_or_machine(tmp_path, capsys):
    kit_of_here(tmp_path)
    kit_start.fits(kit_of_here(tmp_path), tmp_path)
    for changes, wanted in (
        ({"python": "3.9"}, "This kit needs Python"),
        ({"system": "win"}, "This kit was made for"),
        ({"builds": ["arm"]}, "This kit was made for"),
    ):
        kit_of_here(tmp_path, **changes)
        assert kit_start.main([], tmp_path) == 1
        assert wanted in capsys.readouterr().err


def test_start_tells_a_folder_too_deep_for_windows(tmp_path, monkeypatch):
    kit = kit_of_here(tmp_path) | {"system": "win32", "longest": 255}
    monkeypatch.setattr(kit_start.sys, "platform", "win32")
    with pytest.raises(kit_start.KitError, match="too long"):
        kit_start.fits(kit, tmp_path)
    kit_start.fits(kit | {"longest": 20}, tmp_path)


def test_start_leaves_work_alone(tmp_path):
    (tmp_path / "lessons" / "data").mkdir(parents=True)
    (tmp_path / "lessons" / "one.ipynb").write_text("new")
    (tmp_path / "lessons" / "data" / "zones.csv").write_text("zones")
    (tmp_path / "work").mkdir()
    (tmp_path / "work" / "one.ipynb").write_text("worked on")
    kit_start.copied(tmp_path / "lessons", tmp_path / "work")
    kit_start.copied(tmp_path / "trainer", tmp_path / "work" / "trainer")
    assert (tmp_path / "work" / "one.ipynb").read_text() == "worked on"
    assert (tmp_path / "work" / "data" / "zones.csv").read_text() == "zones"
    assert not (tmp_path / "work" / "trainer").exists()


def test_nothing_leads_pip_elsewhere():
    environ = {"PIP_INDEX_URL": "x", "pip_find_links": "y", "PYTHONPATH": "z", "PYTHONHOME": "z", "PATH": "p"}
    assert kit_start.clean(environ) == {"PATH": "p"}


@pytest.fixture
def stick(tmp_path):
    folder = tmp_path / "stick"
    for name, content in {"wheels/a.whl": "a", "lessons/课.ipynb": "b", "README.txt": "c"}.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(content)
    kit_of_here(folder)
    write_manifest(folder, {"platform": "win_amd64"})
    return folder


def test_verify_notices_what_a_broken_stick_does(stick, capsys):
    assert verify(stick) == 4
    assert kit_start.main(["--check"], stick) == 0
    write_manifest(stick, {"platform": "again"})
    assert verify(stick) == 4
    (stick / ".venv").mkdir()
    (stick / ".venv" / "x").write_text("no fault")
    assert verify(stick) == 4
    (stick / "wheels" / "a.whl").write_text("A")
    (stick / "wheels" / "b.whl").write_text("b")
    (stick / "lessons" / "课.ipynb").unlink()
    with pytest.raises(InputError) as error:
        verify(stick)
    assert [(fault.key.rpartition("_")[2], *fault.where) for fault in error.value.faults] == [
        ("missing", "lessons/课.ipynb"),
        ("changed", "wheels/a.whl"),
        ("extra", "wheels/b.whl"),
    ]
    capsys.readouterr()
    assert kit_start.main(["--check"], stick) == 1
    assert "wheels/a.whl" in capsys.readouterr().err


def test_verify_of_a_zip(stick, tmp_path):
    path = shutil.make_archive(str(tmp_path / "kit"), "zip", tmp_path, "stick")
    assert verify(tmp_path / "kit.zip") == 4
    (stick / "README.txt").write_text("changed")
    shutil.make_archive(str(tmp_path / "kit"), "zip", tmp_path, "stick")
    with pytest.raises(InputError, match=r"README\.txt"):
        verify(tmp_path / "kit.zip")
    with Path(path).open("r+b") as file:
        file.truncate(300)
    with pytest.raises(InputError, match=r"manifest\.json is damaged"):
        verify(tmp_path / "kit.zip")


@pytest.mark.parametrize("content", [b"", b"[]", b'{"files": {}}', b'{"files": {"a": 1}}', b"\xff\xfe"])
def test_a_broken_manifest(stick, content):
    (stick / "manifest.json").write_bytes(content)
    with pytest.raises(InputError, match="no workshop kit"):
        verify(stick)
    assert kit_start.main(["--check"], stick) == 1


def test_verify_of_nothing(tmp_path):
    with pytest.raises(InputError, match="no such folder"):
        verify(tmp_path / "away")


def tarball(files: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as archive:
        for name, content in files.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
        link = tarfile.TarInfo("package/dist/link.js")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        archive.addfile(link)
    return buffer.getvalue()


def test_npm_packages_are_unpacked_only_if_they_are_what_they_should_be(tmp_path, monkeypatch):
    names = ("dist/a.js", "dist/a.js.map", "dist/../../out.js", "src/a.ts", "LICENSE")
    data = tarball({f"package/{name}": b"x" for name in names})
    told = "sha512-" + base64.b64encode(hashlib.sha512(data).digest()).decode()
    package = Package("a", "1", told, "a", ("dist/", "LICENSE"))
    monkeypatch.setattr(kit_web, "PACKAGES", (package,))
    fetch_web(tmp_path, lambda one: (told, data))
    there = {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*") if path.is_file()}
    assert there == {"a/dist/a.js", "a/LICENSE"}
    for said, bytes_ in (("sha512-x", data), (told, data + b"x")):
        with pytest.raises(InputError, match="sha512 differs"):
            fetch_web(tmp_path / "b", lambda one, said=said, bytes_=bytes_: (said, bytes_))
    monkeypatch.setattr(kit_web, "PACKAGES", (replace(package, integrity="sha512-y"),))
    with pytest.raises(InputError, match="sha512 differs"):
        fetch_web(tmp_path / "b", lambda one: (told, data))
    assert not (tmp_path / "b").exists()


def test_the_registry_is_the_one_npm_is_set_up_for(tmp_path, monkeypatch):
    npmrc = tmp_path / ".npmrc"
    with pytest.raises(InputError, match="there is no npm"):
        registry_address({}, npmrc)
    npmrc.write_text("; mine\nstrict-ssl=true\nregistry = https://mirror.example/npm/\n")
    assert registry_address({}, npmrc) == "https://mirror.example/npm/"
    assert registry_address({"npm_config_registry": "https://env.example"}, npmrc) == "https://env.example"
    monkeypatch.setenv("npm_config_registry", "http://plain.example")
    with pytest.raises(InputError, match="https only"):
        kit_web.by_url(kit_web.PACKAGES[0])


def test_data_to_open_holds_no_answers(tmp_path):
    copy_data(tmp_path)
    names = {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*") if path.is_file()}
    assert {
        "demo_study/zones.csv",
        "demo_study/datapackage.json",
        "questionnaire/questionnaire.xlsx",
    } <= names
    assert not [name for name in names if "truth" in name or name.endswith(".py")]


def test_the_longest_path_once_installed(tmp_path):
    path = tmp_path / "a-1.whl"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a/b.py", "")
        archive.writestr("a-1.data/data/share/x.js", "")
    assert longest_path([path]) == len("Lib/site-packages/a/b.py")
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("a-1.data/data/share/jupyter/lab/settings.js", "")
    assert longest_path([path]) == len("share/jupyter/lab/settings.js")
