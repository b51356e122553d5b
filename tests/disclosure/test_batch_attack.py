"""Suppressed cells against everything a batch of reports prints: pages, workbooks, alternative texts."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from openpyxl import Workbook

from govlab.data.locate import shipped
from govlab.disclosure import Mask
from govlab.reports import Batch
from govlab.study import Study
from tests.disclosure.batch_attack import attack, hidden_cells, leaks, printed
from tests.disclosure.outputs import Cell, Words, told

BATCH = """
format = 1
name = "some"
title = { zh = "几份", en = "Some" }
formats = ["html", "xlsx"]

[[reports]]
notebook = "reports/zone_comparison.ipynb"
name = "zone-comparison-{lang}"
parameters = { study = "demo" }
grid = { lang = ["zh", "en"] }

[[reports]]
notebook = "reports/survey_quality.ipynb"
name = "survey-quality-{lang}"
parameters = { study = "demo" }
grid = { lang = ["en"] }

[[reports]]
notebook = "reports/zone_report.ipynb"
name = "zone-{zone}-{lang}"
parameters = { study = "demo" }
grid = { lang = ["zh", "en"], zone = ["amber", "brass-bell"] }
"""
ITEMS = (
    "sat_overall",
    "belong_member",
    "gain_fair",
    "sat_basic_health",
    "imp_basic_health",
    "meetings",
    "work",
)
PAGE = """<!doctype html><html><body><h1>{title}</h1><p>{basis}</p>
<table><caption>{caption}</caption><thead><tr><th>{head}</th><th>n</th></tr></thead>
<tbody><tr><td>{row}</td><td>{value}</td></tr></tbody></table>
<figure><figcaption>{caption}</figcaption><img alt="{alt}"></figure></body></html>"""


@pytest.fixture(scope="module")
def study() -> Study:
    return Study.open(shipped("datasets") / "demo_study")


@pytest.fixture(scope="module")
def mask(study: Study) -> Mask:
    return study.mask()


@pytest.fixture(scope="module")
def words(study: Study) -> Words:
    return Words(study, "en")


def a_hidden_share(mask: Mask) -> Cell:
    return next(
        cell
        for cell in hidden_cells(mask, "sat_overall", 3)
        if {"zone", "wave"} == set(dict(cell.by)) and cell.answer == "low"
    )


def page(words: Words, folder: Path, zone: str, *, row: str, value: str, caption: str, alt: str = "") -> Path:
    title = f"{words.names.zone(zone)}: how residents see their community"
    basis = f"Basis: demo, {words.names.wave(3)}"
    folder.mkdir(exist_ok=True)
    path = folder / f"zone-{zone}-en.html"
    text = PAGE.format(
        title=title, basis=basis, caption=caption, head="Question", row=row, value=value, alt=alt
    )
    path.write_text(text, encoding="utf-8")
    return path


def test_a_hidden_share_in_an_alternative_text_is_found(
    study: Study, mask: Mask, words: Words, tmp_path: Path
) -> None:
    cell = a_hidden_share(mask)
    zone = str(dict(cell.by)["zone"])
    question = "All in all, how satisfied are you with the way the community is run and with its services?"
    alt = f"{question}: Very dissatisfied / Dissatisfied 8%, No opinion given 3%"
    page(words, tmp_path, zone, row="x", value="*", caption="Figure 1. x", alt=alt)
    (leak,) = leaks(tmp_path, study, mask)
    assert leak.cells == (cell,)
    assert "No opinion given" in leak.where


def test_a_hidden_count_in_a_table_and_in_a_workbook_is_found(
    study: Study, mask: Mask, words: Words, tmp_path: Path
) -> None:
    cell = next(one for one in hidden_cells(mask, "meetings", 3) if {"zone", "wave"} == set(dict(one.by)))
    zone, row = str(dict(cell.by)["zone"]), words.names.item("meetings")
    path = page(words, tmp_path, zone, row=row, value="*", caption="Table 1. x")
    assert leaks(tmp_path, study, mask) == []
    path = page(words, tmp_path, zone, row=row, value="7", caption="Table 1. x")
    assert [one.cells for one in leaks(tmp_path, study, mask)] == [(cell,)]
    page(words, tmp_path, zone, row=row, value="*", caption="Table 1. x")
    book = Workbook()
    for line in (["Table 1. x"], ["back"], [], ["Question", "n"], [row, 7]):
        book.worksheets[0].append(line)
    book.save(path.with_suffix(".xlsx"))
    assert [one.cells for one in leaks(tmp_path, study, mask)] == [(cell,)]


def test_a_table_that_no_margin_has_is_found(study: Study, mask: Mask, words: Words, tmp_path: Path) -> None:
    page(words, tmp_path, "amber", row=words.names.item("work"), value="51", caption="Table 1. x")
    assert [one.cells[0].item for one in leaks(tmp_path, study, mask)] == ["work"]


def test_the_attack_finds_what_can_be_worked_out(study: Study, mask: Mask) -> None:
    """One zone withheld beside the fifteen others and all of them: its share comes out exactly."""
    cell = a_hidden_share(mask)
    zones = sorted(study.zones["zone"])
    told_ = {Cell((("wave", 3), ("zone", zone)), "sat_overall", "low") for zone in zones} - {cell}
    told_ |= {Cell((("wave", 3),), "sat_overall", one) for one in (1, 2, 3, 4, 5)}
    found = {one.cell: one for one in attack(study, mask, told_)}[cell]
    assert found.low == pytest.approx(found.count)
    assert found.high == pytest.approx(found.count)
    assert found.count < mask.threshold or found.count > 0


@pytest.mark.slow
def test_a_batch_gives_nothing_away(study: Study, mask: Mask, tmp_path: Path) -> None:
    shutil.copytree(shipped("notebooks"), tmp_path / "notebooks")
    (tmp_path / "reports").mkdir()
    (tmp_path / "reports" / "some.toml").write_text(BATCH, encoding="utf-8")
    plan = Batch.read(tmp_path / "reports" / "some.toml", tmp_path).plan(tmp_path / "out")
    outcomes = list(plan.run(workers=1))
    assert [one.job.name for one in outcomes if one.status == "failed"] == []

    numbers = list(told(tmp_path / "out", study))
    # The reader is not blind: it knows what nearly every number is about.
    assert len(numbers) > 1_500
    assert {".xlsx", ".html"} == {one.where.partition(":")[0][-5:] for one in numbers}
    assert any("%" in one.where for one in numbers)
    assert [one.where for one in leaks(tmp_path / "out", study, mask)] == []
    known = printed(tmp_path / "out", study, mask)
    assert len(known) > 600
    hidden = attack(study, mask, known, ITEMS)
    assert len(hidden) > 200
    for one in hidden:
        assert one.low - 1e-6 <= one.count <= one.high + 1e-6
        # Of those who answered, results are hidden; their number only must not come out exactly.
        least = 1 if one.cell.answer is True else mask.width
        assert one.high - one.low >= least - 1e-6, one
