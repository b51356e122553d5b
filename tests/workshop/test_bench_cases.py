"""The case explorer: counts follow the choices; what may not be scored stands apart and is in no other count."""

import re
from collections import Counter

import pytest
import yaml

from govlab.data.locate import shipped
from govlab.workshop.widgets import bench
from tests.workshop.test_bench_devolution import LATIN, numbers
from tests.workshop.test_widgets import CHINESE

NEVER = {"population-control", "population-data", "risk-tier", "surveillance", "de-extremification"}
KIND = {"aksu": "self-report", "beijing": "academic", "zhejiang": "sector-press"}


def read() -> list[dict]:
    """Every fact of the catalogue's files, with the case it belongs to."""
    found = []
    for path in sorted((shipped("datasets") / "catalogue").rglob("*.yaml")):
        entry = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
        for fact in entry.get("facts", ()):
            found.append(fact | {"entry": entry["id"], "programme": entry.get("programme")})
    return found


FACTS = read()


@pytest.fixture(autouse=True)
def alone(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)


def of(case: str) -> list[dict]:
    return [one for one in FACTS if case in ("any", one["entry"], one["programme"])]


def never(one: dict) -> bool:
    return bool(NEVER & set(one.get("flags", ())))


@pytest.mark.parametrize("case", ["any", "aksu", "beijing", "zhejiang", "zhejiang/haining", "framework-kong"])
def test_counts_against_the_files(case):
    mine = of(case)
    claims = Counter(one["claim"] for one in mine if not never(one))
    quoted = sum(map(never, mine))
    seen = bench("cases", "en", {"case": case, "claim": "any"}).view()
    expected = [claims[one] for one in ("input", "output", "outcome", "effect", "context")]
    assert numbers(seen.drawing.alt) == [str(one) for one in (*expected, quoted)]
    assert f"{len(mine) - quoted} facts" in seen.said[0] and f"{len(mine)} chosen" in seen.said[0]
    effects = claims["effect"]
    assert (
        (f"{effects} facts claim an effect; 0 come from" in seen.said[1])
        if effects
        else "None" in seen.said[1]
    )
    assert any("Only quoted" in one for one in seen.said) == bool(quoted)


def test_a_kind_of_claim_by_a_kind_of_source():
    one = bench("cases", "en", {"claim": "effect", "source": "self-report"})
    expected = [fact["id"] for fact in of("aksu") if fact["claim"] == "effect" and not never(fact)]
    assert [row[0] for row in one.view().table.rows] == expected
    assert f"{len(expected)} chosen" in one.view().said[0]
    one.move(case="beijing")
    assert one.view().table is None and "0 chosen" in one.view().said[0]


def test_what_may_not_be_scored_is_quoted_and_counted_nowhere_else():
    one = bench("cases", "en", {"claim": "quoted", "case": "aksu"})
    rows = one.view().table.rows
    assert {row[0] for row in rows} == {fact["id"] for fact in of("aksu") if never(fact)}
    assert all("quoted, never scored" in row[4] and row[3].startswith("Ran Yidong") for row in rows)
    flagged = {fact["id"] for fact in FACTS if never(fact)}
    for claim in ("input", "output", "outcome", "effect", "context"):
        one.move(case="any", claim=claim)
        pages = -(-int(re.search(r"(\d+) chosen", one.view().said[0])[1]) // 12)
        for page in range(pages):
            one.move(more=page)
            assert not flagged & {row[0] for row in one.view().table.rows}


def test_twelve_at_a_time_and_round_again():
    one = bench("cases", "en", {"case": "aksu", "claim": "any"})
    everything, page = [], 0
    while page == 0 or one.view().table.rows[0][0] != everything[0]:
        everything += [row[0] for row in one.view().table.rows]
        assert len(one.view().table.rows) <= 12 and "next facts" in one.view().table.notes[0]
        page += 1
        one.move(more=page)
    assert everything == [fact["id"] for fact in of("aksu")]
    one.move(more=3)
    one.move(claim="effect")
    assert one.values["more"] == 0


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_option_in_one_language(lang):
    one = bench("cases", lang)
    for control in one.controls()[:3]:
        for key, _ in control.options:
            one.move(**{control.name: key})
            assert not (CHINESE if lang == "en" else LATIN).search(words(one))
        one.move(**{control.name: control.start})
    one.move(more=99)
    assert one.live_html() == one.live_html()


def words(one) -> str:
    """What the bench says itself; statements of facts are the catalogue's."""
    seen = one.view()
    marks = re.findall(r">([^<>]+)</text>", seen.drawing.sheet.to_svg(""))
    labels = [control.label for control in one.controls()]
    labels += [text for control in one.controls()[:3] for _, text in control.options]
    rows = seen.table.rows if seen.table else ()
    cells = [cell for row in rows for cell in row[2:]]
    heads = [seen.table.caption, *seen.table.notes] if seen.table else []
    return " ".join(
        [one.title, *labels, *seen.said, *marks, *cells, *heads, seen.drawing.caption, seen.drawing.note]
    )


@pytest.mark.parametrize(
    "values", [{}, {"case": "aksu", "claim": "quoted"}, {"case": "framework-lulei", "claim": "any"}]
)
def test_both_languages_hold_the_same_numbers(values):
    zh, en = (bench("cases", lang, values).view() for lang in ("zh", "en"))
    assert sorted(numbers(" ".join(zh.said))) == sorted(numbers(" ".join(en.said)))
    assert [row[0] for row in zh.table.rows] == [row[0] for row in en.table.rows]
