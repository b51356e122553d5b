"""study.toml, and the handle on a workspace."""

from __future__ import annotations

import pytest

from govlab.data.locate import shipped
from govlab.data.workspace import open_workspace, read_workspace
from govlab.errors import WorkspaceError

GOOD = 'format = 1\ntitle = { zh = "河边", en = "Riverside" }\n'


def _study(folder, text):
    (folder / "study.toml").write_text(text, encoding="utf-8")
    return folder


def test_found_from_below(tmp_path):
    (tmp_path / "mine").mkdir()
    _study(tmp_path, GOOD + 'lang = "zh"\ncatalogue = "mine"\n[paths]\nout = "made"\n')
    below = tmp_path / "a" / "b"
    below.mkdir(parents=True)
    found = open_workspace(below)
    root = tmp_path.resolve()
    assert found.root == root
    assert found.study is not None
    assert (found.study.title.zh, found.study.title.en, found.study.lang) == ("河边", "Riverside", "zh")
    assert (found.notebooks, found.reports, found.out) == (
        root / "notebooks",
        root / "reports",
        root / "made",
    )
    assert (found.catalogue, found.responses, found.zones) == (
        root / "mine",
        root / "responses",
        root / "zones.xlsx",
    )


def test_without_study_the_shipped_one(tmp_path):
    found = open_workspace(tmp_path)
    assert found.study is None
    assert found.catalogue is None
    assert found.notebooks == shipped("notebooks")
    assert found.reports == shipped("reports")
    assert found.out == tmp_path.resolve() / "reports" / "out"


def test_a_study_cannot_be_changed(tmp_path):
    found = read_workspace(_study(tmp_path, GOOD))
    with pytest.raises(ValueError, match="frozen"):
        found.study.lang = "en"
    with pytest.raises(AttributeError):
        found.root = tmp_path


def test_every_fault_with_its_line(tmp_path):
    _study(tmp_path, 'format = 1\ntitle = { zh = "河边" }\nlang = "fr"\n\n[paths]\nreprots = "r"\n')
    with pytest.raises(WorkspaceError) as raised:
        read_workspace(tmp_path)
    assert [fault.where for fault in raised.value.faults] == [
        ("study.toml:2", "title.en"),
        ("study.toml:3", "lang"),
        ("study.toml:6", "paths.reprots"),
    ]
    assert "did you mean reports?" in raised.value.text("en")
    assert "缺少" in raised.value.text("zh")


def test_malformed_toml_names_the_line(tmp_path):
    _study(tmp_path, 'format = 1\ntitle = { zh = "a"\n')
    with pytest.raises(WorkspaceError, match=r"study\.toml:2: cannot be understood"):
        read_workspace(tmp_path)


@pytest.mark.parametrize(
    ("line", "part"),
    [
        ("", "carries no format number"),
        ('format = "1"', "carries no format number"),
        ("format = 2", "made for a newer govlab"),
        ("format = 0", "govlab upgrade"),
    ],
)
def test_format_number(tmp_path, line, part):
    _study(tmp_path, line + "\n" + GOOD.partition("\n")[2])
    with pytest.raises(WorkspaceError) as raised:
        read_workspace(tmp_path)
    (fault,) = raised.value.faults
    assert part in fault.text("en")
    assert fault.where == ("study.toml:1" if line else "study.toml",)


@pytest.mark.parametrize(
    "path", ["../elsewhere", "/etc", "C:/data", "c:data", "\\\\server\\share", "a/../../b"]
)
def test_paths_stay_inside(tmp_path, path):
    _study(tmp_path, GOOD + f"[paths]\nout = '{path}'\n")
    with pytest.raises(WorkspaceError) as raised:
        read_workspace(tmp_path)
    (fault,) = raised.value.faults
    assert (fault.key, fault.where) == ("data.workspace.outside", ("study.toml:4", "paths.out"))


def test_a_link_out_of_the_workspace_is_seen(tmp_path):
    inside = tmp_path / "study"
    inside.mkdir()
    try:
        (inside / "link").symlink_to(tmp_path, target_is_directory=True)
    except OSError:
        pytest.skip("this system lets us make no links")
    _study(inside, GOOD + 'catalogue = "link"\n')
    with pytest.raises(WorkspaceError, match="leads out of the workspace"):
        read_workspace(inside)


def test_catalogue_folder_must_exist(tmp_path):
    _study(tmp_path, GOOD + 'catalogue = "mine"\n')
    with pytest.raises(WorkspaceError, match="no folder mine"):
        read_workspace(tmp_path)


def test_batches(tmp_path):
    found = read_workspace(_study(tmp_path, GOOD))
    with pytest.raises(WorkspaceError, match="no batch file"):
        found.batches()
    found.reports.mkdir()
    for name in ("b.toml", "a.toml", "note.txt"):
        (found.reports / name).touch()
    assert [path.name for path in found.batches()] == ["a.toml", "b.toml"]


SURVEY = """
[survey]
questionnaire = "questionnaire.xlsx"
sampling = "probability"
answers_safe = true
consent = "consent.md"
ethics = "2031-07"
retention = 2036-12-31

[[survey.waves]]
wave = 1
responses = "responses/one.csv"
"""


def test_survey_part(tmp_path):
    found = read_workspace(
        _study(
            tmp_path,
            GOOD + SURVEY + '[[log]]\ndate = 2031-01-05\nstage = "plan"\n'
            'text = { zh = "商议", en = "Talked it over" }\n',
        )
    ).study
    assert found.survey.waves[0].responses == ("responses/one.csv",)
    assert found.survey.wave(1) is found.survey.waves[0]
    assert found.survey.wave(2) is None
    assert found.survey.threshold == 10
    assert found.log[0].stage == "plan"


def test_faults_of_the_survey_part(tmp_path):
    text = SURVEY.replace('"probability"', '"snowball"').replace("wave = 1", 'wave = "one"')
    text = text.replace("answers_safe = true\n", "threshold = 5\n").replace("responses/one", "../one")
    with pytest.raises(WorkspaceError) as raised:
        read_workspace(_study(tmp_path, GOOD + text))
    assert [fault.where for fault in raised.value.faults] == [
        ("study.toml:6", "survey.sampling"),
        ("study.toml:4", "survey.answers_safe"),
        ("study.toml:13", "survey.waves[1].wave"),
        ("study.toml:7", "survey.threshold"),
    ]


def test_files_of_the_survey_part_stay_inside(tmp_path):
    text = SURVEY.replace("responses/one", "../one").replace('"consent', '"/consent')
    with pytest.raises(WorkspaceError) as raised:
        read_workspace(_study(tmp_path, GOOD + text))
    assert [fault.where[1] for fault in raised.value.faults] == [
        "survey.consent",
        "survey.waves[1].responses",
    ]
