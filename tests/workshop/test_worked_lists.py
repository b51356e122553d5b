"""Right answers on lists, matches and batches, against counts and searches of their own."""

import datetime as dt
import itertools
import json
import tomllib

import nbformat
import numpy as np
import openpyxl
import pytest
import yaml

from govlab.data.locate import shipped
from govlab.errors import InputError
from govlab.workshop import corner, gather, worked_lists
from govlab.workshop.drafting import write_template
from govlab.workshop.exercises import exercise, exercises, right_answer
from govlab.workshop.lessons import lesson, lessons

DAY = dt.datetime(2025, 6, 30)  # the last day in the lists


@pytest.fixture(scope="module")
def book():
    """The sheets of the demo study's workbook as plain rows, read past the package."""
    found = openpyxl.load_workbook(shipped("datasets") / "demo_study" / "inventory.xlsx", read_only=True)
    sheets = {}
    for sheet in found.worksheets:
        rows = list(sheet.iter_rows(values_only=True))
        head = next(n for n, row in enumerate(rows) if {"id", "rule", "code", "agreement"} & set(row))
        names = rows[head]
        own = [dict(zip(names, row, strict=False)) for row in rows[head + 1 :]]
        sheets[sheet.title] = [row for row in own if any(row.get(one) for one in ("id", "rule"))]
    return sheets


def codes(text):
    return {one.strip() for one in str(text).split(";")}


def live(rows):
    return [
        row for row in rows
        if row["status"] in ("open", "under-way") and not (row["until"] and row["until"] < DAY)
    ]  # fmt: skip


def able(need, offer):
    return need["capability"] in codes(offer["capability"])


def there(need, offer):
    return bool({need["place"], "*"} & codes(offer["place"]))


def then(need, offer):
    closes = offer["until"] or dt.datetime.max
    if not need["until"]:
        return closes >= need["since"]
    return offer["since"] <= need["since"] and closes >= need["until"]


class Matching:
    """Needs and offers as an assignment problem, a column for every unit that an offer can give."""

    def __init__(self, book):
        self.needs, self.offers = live(book["needs"]), live(book["resources"])
        willing = {row["id"] for row in book["actors"] if row["will"] != "no" and "yes" in map(row.get, (
            "will", "ability", "means", "relation"))}  # fmt: skip
        self.passing = [one["actor"] in willing for one in self.offers]
        self.rules = {(row["need"], row["resource"]): row["rule"] for row in book["rules"]}

    def fits(self, asked=(able, there, then)):
        fits = np.array([
            [ok and all(test(need, offer) for test in asked) for offer, ok in zip(self.offers, self.passing, strict=True)]
            for need in self.needs
        ])  # fmt: skip
        for row, need in enumerate(self.needs):
            for column, offer in enumerate(self.offers):
                rule = self.rules.get((need["id"], offer["id"]))
                fits[row, column] = rule == "may" or (fits[row, column] and rule != "never")
        return fits

    def weight(self, fits, room):
        from scipy.optimize import linear_sum_assignment

        weights = np.array([float(need["weight"]) for need in self.needs])
        gain = np.where(fits, weights[:, None], 0.0)
        for row, need in enumerate(self.needs):
            for column, offer in enumerate(self.offers):
                if self.rules.get((need["id"], offer["id"])) == "must":
                    gain[row, column] += 1000.0
        units = np.repeat(gain, room, axis=1)
        rows, columns = linear_sum_assignment(units, maximize=True)
        return units[rows, columns].sum() % 1000.0

    def room(self):
        return np.array([int(offer["capacity"]) for offer in self.offers])


@pytest.fixture(scope="module")
def demo(book):
    return Matching(book)


def test_participants(book):
    tests = ("will", "ability", "means", "relation")
    passed = [[row[one] == "yes" for one in tests] for row in book["actors"]]
    lost = sum(any(row) for row in passed) - sum(all(row) for row in passed)
    assert worked_lists.participants_lost() == lost
    spoken = {mistake.answer for mistake in exercise("9.1").mistakes}
    held = len(passed) - min(sum(column) for column in zip(*passed, strict=True))
    assert spoken == {sum(map(any, passed)), sum(map(all, passed)), held}


def test_the_corner_by_trying_every_way():
    """All ways to give each offer one need; and what first come, first served makes of it."""
    needs = {
        "N-1": ("meals", "east"),
        "N-2": ("meals", "west"),
        "N-3": ("repairs", "west"),
        "N-4": ("phone-lessons", "east"),
    }
    offers = {
        "R-1": ({"meals", "repairs"}, {"east", "west"}),
        "R-2": ({"meals"}, {"east"}),
        "R-3": ({"repairs"}, {"west"}),
    }
    held = corner.lists()
    frame = held.sheet("needs")
    assert {row.id: (row.capability, row.place) for row in frame.itertuples()} == needs
    for row in held.sheet("resources").itertuples():
        skills, places = offers[row.id]
        assert set(row.capability) == skills and set(row.place) in (places, {"*"}) and row.capacity == 1

    def fits(need, offer):
        return needs[need][0] in offers[offer][0] and needs[need][1] in offers[offer][1]

    best = max(
        sum(fits(*pair) for pair in zip(order, offers, strict=True))
        for order in itertools.permutations(needs, 3)
    )
    assert worked_lists.corner_needs_met() == best == 3
    left, first_come = list(offers), 0
    for need in needs:
        taken = next((offer for offer in left if fits(need, offer)), None)
        if taken:
            left.remove(taken)
            first_come += 1
    assert first_come == exercise("9.2").mistakes[0].answer


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_corner_in_words(lang):
    shown = corner.matched(lang)
    assert (shown.iloc[:, 0] == "—").sum() == 1 and list(shown.index) == list(corner.needs(lang).index)
    assert set(shown.iloc[:3, 0]) == set(corner.offers(lang).index)


def test_best_change_by_assignment(demo):
    """Every single change solved as an assignment problem of its own."""
    fits, room = demo.fits(), demo.room()
    before = demo.weight(fits, room)
    found = []
    for name, asked in (("place", (able, then)), ("time", (able, there))):
        wider = demo.fits(asked)
        for column in np.flatnonzero((wider & ~fits).any(axis=0)):
            changed = fits.copy()
            changed[:, column] = wider[:, column]
            found.append((demo.weight(changed, room), name))
    for column in range(len(room)):
        more = room.copy()
        more[column] += max(1, more[column])
        found.append((demo.weight(fits, more), "capacity"))
    skills = np.array([need["capability"] for need in demo.needs])
    for skill in set(skills):
        column = skills == skill
        wide = Matching.__new__(Matching)
        wide.needs, wide.rules = demo.needs, demo.rules
        wide.offers = [*demo.offers, {"id": "new"}]
        found.append((wide.weight(np.column_stack([fits, column]), np.append(room, column.sum())), "new"))
    best = max(found)
    assert best[0] - before == worked_lists.best_change() and best[1] == "new"
    total = sum(need["weight"] for need in demo.needs)
    assert exercise("9.4").mistakes[1].answer == total - before


def test_most_unmet_needs_are_stuck_at_the_place(demo):
    stuck = {"skill": 0, "place": 0, "time": 0}
    for need in demo.needs:
        near = [one for one, ok in zip(demo.offers, demo.passing, strict=True) if ok and able(need, one)]
        here = [one for one in near if there(need, one)]
        if not near:
            stuck["skill"] += 1
        elif not here:
            stuck["place"] += 1
        elif not any(then(need, one) for one in here):
            stuck["time"] += 1
    served = len(demo.needs) - sum(stuck.values())
    rest = served - np.count_nonzero(demo.fits().any(axis=1))
    assert stuck["skill"] == 0 and stuck["place"] > stuck["time"] + abs(rest)
    assert right_answer(exercise("9.3")) == "b"


def test_groups_withheld(book):
    members = {}
    for row in book["time_bank"]:
        for side in ("giver", "receiver"):
            members.setdefault(row[f"{side}_group"], set()).add(row[side])
    sizes = sorted(len(one) for one in members.values())
    small = [size for size in sizes if size < 20]
    assert len(small) == 1 and len(sizes) > 2  # a single one could be worked out, so one more goes
    assert worked_lists.groups_withheld_at_twenty() == 2


def test_reports_of_zones_counted_one_by_one():
    with (shipped("reports") / "demo.toml").open("rb") as file:
        blocks = tomllib.load(file)["reports"]
    grid = next(one["grid"] for one in blocks if one["notebook"].endswith("zone_report.ipynb"))
    names = {f"{zone}-{lang}" for zone in grid["zone"] for lang in grid["lang"]}
    assert worked_lists.zone_reports() == len(names)


def test_flagged_facts_counted_in_the_file():
    file = shipped("datasets") / "catalogue" / "cases" / "aksu.yaml"
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    facts = yaml.load(file.read_text(encoding="utf-8"), Loader=loader)["facts"]
    never = {"population-control", "population-data", "risk-tier", "surveillance", "de-extremification"}
    flagged = [never & set(one.get("flags", ())) for one in facts]
    assert worked_lists.aksu_never_scored() == sum(map(bool, flagged))
    assert all(len(one) < 2 for one in flagged)  # as the hint says
    others = {sum("population-control" in one for one in flagged), len(never), len(facts)}
    others.add(sum(bool(one.get("flags")) for one in facts))
    assert {mistake.answer for mistake in exercise("1b.3").mistakes} == others
    powers = next(one for one in facts if one["id"] == "AKS-030")
    assert right_answer(exercise("1b.1")) == powers["value"] - len(powers["parts"])


def test_a_template_is_a_notebook_with_parameters(tmp_path):
    from govlab.reports.parameters import parameters_in

    path = write_template(
        tmp_path / "notebooks" / "short.ipynb", '\n社区: str = "灯街"  # 灯街 | 井巷\n', "print(社区)"
    )
    nbformat.validate(nbformat.read(path, as_version=4))
    found, faults = parameters_in(path)
    assert not faults and found["社区"].default == "灯街" and found["社区"].choices == ("灯街", "井巷")
    with pytest.raises(ValueError, match="parameters cell"):
        write_template(tmp_path / "none.ipynb")


def test_what_a_batch_does_again(tmp_path):
    """The batch of lesson 10 with an engine that only writes files: nothing before, then one again."""
    from govlab.reports import Batch, Failure, Outcome

    def planned(*rows):
        (tmp_path / "rows.csv").write_text("\n".join(["place,needs", *rows, ""]), encoding="utf-8")
        return Batch.read(file, tmp_path).plan(tmp_path / "out")

    class Engine:
        made = 0

        def run(self, job):
            self.made += 1
            if not job.parameters["needs"]:
                return Outcome(job, "failed", error=Failure(3, "ZeroDivisionError", "division by zero"))
            page = job.stem.with_suffix(".html")
            page.write_text(job.name, encoding="utf-8")
            return Outcome(job, "done", files={"html": page})

    write_template(tmp_path / "notebooks" / "short.ipynb", 'place: str = ""\nneeds: int = 0', "needs")
    file = tmp_path / "reports" / "short.toml"
    file.parent.mkdir()
    file.write_text(
        'format = 1\nname = "short"\ntitle = { zh = "短", en = "short" }\nformats = ["html"]\n'
        '[[reports]]\nnotebook = "short.ipynb"\nname = "{place}"\nrows = "rows.csv"\n', encoding="utf-8",
    )  # fmt: skip
    with pytest.raises(InputError, match="needs"):
        planned("lamp,20", "well,8", "mill,twelve", "bridge,0")
    assert not list(tmp_path.glob("out/**/*.html")) and right_answer(exercise("10.2")) == 0
    engine = Engine()
    assert len(list(planned("lamp,20", "well,8", "mill,12", "bridge,0").run(engine=engine))) == 4
    engine.made = 0
    list(planned("lamp,20", "well,8", "mill,12", "bridge,5").run(engine=engine))
    assert engine.made == right_answer(exercise("10.3")) == 1


def test_the_scheme_of_lesson_1b_is_refused_for_its_flag_alone(tmp_path):
    from govlab.institutions.scheme import read_scheme
    from govlab.study.assessing import fact_flags

    flags = fact_flags()
    for lang in ("zh", "en"):
        cells = ["".join(cell["source"]) for cell in lesson("1b").edition(lang)["cells"]]
        scope = {}
        exec(next(one for one in cells if one.startswith("mine = ")), scope)
        file = tmp_path / "mine.yaml"
        file.write_text(scope["mine"], encoding="utf-8")
        with pytest.raises(InputError) as raised:
            read_scheme(file, flags)
        assert [one.key for one in raised.value.faults] == ["definition.never_scored"]
        assert read_scheme(file)  # without the catalogue's flags nothing else is wrong with it


def test_numbers_with_letters_and_two_digits_keep_their_order(tmp_path, monkeypatch, capsys):
    from govlab.cli import main
    from govlab.workshop import begin, check

    numbers = [one.number for one in lessons()]
    assert numbers.index("1b") == numbers.index("1") + 1 and numbers[-1] == "10"
    assert [one.number for one in lessons() if one.optional] == ["1b"]
    own = list(dict.fromkeys(one.partition(".")[0] for one in exercises()))
    assert own == [one for one in numbers if one in own]
    monkeypatch.chdir(tmp_path)
    begin("g", "en")
    for number in ("10.3", "2.1", "1b.3"):
        check(number, right_answer(exercise(number)))
    kept = json.loads((tmp_path / "govlab-progress.json").read_text(encoding="utf-8"))
    assert set(kept["exercises"]) == {"10.3", "2.1", "1b.3"}
    assert gather(tmp_path).to_frame()["exercise"].to_list() == ["1b.3", "2.1", "10.3"]
    assert main(["lesson", "list", "1b", "10", "--lang", "en"]) == 0
    assert "Lists and silences" in (told := capsys.readouterr().out) and "thousand" in told
