"""Zones drawn towards their like, and ranks with what the data leave open."""

from __future__ import annotations

from govlab import disclosure
from govlab.errors import InputError
from govlab.plots import Interval, intervals
from govlab.studybook.numbers import known
from govlab.studybook.parts import SUPPRESSED, Part, Row, Telling
from govlab.tables import Column


def pooled(tell: Telling, item: str, wave: int) -> list[Part]:
    """Direct means and partially pooled ones side by side; nothing where there are too few zones."""
    from govlab.survey import fay_herriot, mean

    direct = mean(tell.design(wave), item, by=tell.zone, df="domain")
    try:
        model = fay_herriot(direct, zone=tell.zone)
    except InputError:
        return []
    assert model.model is not None
    # Every pooled value is made of all zones together: it must not tell of one that is hidden.
    shown = disclosure.apply(tell.mask, model, item=item, within={"wave": wave}).to_frame()
    plain = disclosure.apply(tell.mask, direct, item=item, within={"wave": wave}).to_frame()
    if (plain["reason"] == SUPPRESSED).any():
        return []
    columns = [
        Column("zone", tell.say("column.zone")),
        Column("direct", tell.say("pooled.direct"), "number", 2),
        Column("direct_low", tell.say("column.low"), "number", 2),
        Column("direct_high", tell.say("column.high"), "number", 2),
        Column("pooled", tell.say("pooled.pooled"), "number", 2),
        Column("pooled_low", tell.say("column.low"), "number", 2),
        Column("pooled_high", tell.say("column.high"), "number", 2),
    ]
    ends = ("estimate", "conf_low", "conf_high")
    rows = []
    for one, two in zip(plain.to_dict("records"), shown.to_dict("records"), strict=True):
        cells = (*(known(one[name]) for name in ends), *(known(two[name]) for name in ends))
        rows.append(Row((tell.names.zone(one[tell.zone]), *cells)))
    spread = tell.say("pooled.spread", sd=f"{model.model.variance**0.5:.2f}")
    notes = (tell.say("pooled.note"), spread)
    caption = tell.say("pooled.caption", item=tell.names.item(item))
    return [
        tell.section("pooled.title"),
        tell.page.text(tell.say("pooled.text")),
        tell.table(columns, rows, caption, notes),
    ]


def ranked(tell: Telling, item: str, wave: int) -> list[Part]:
    """Ranks of zones with their confidence sets; a sentence where the study allows none."""
    from govlab.ranks import confidence_sets
    from govlab.survey import mean

    section = tell.section("ranks.title")
    why = tell.study.no_ranks
    if why is not None:
        return [section, tell.page.text(tell.say(f"ranks.no.{why.reason.replace('-', '_')}"))]
    found = mean(tell.design(wave), item, by=tell.zone)
    masked = disclosure.apply(tell.mask, found, item=item, within={"wave": wave}).to_frame()
    if (masked["reason"] == SUPPRESSED).any():
        return [section, tell.page.text(tell.say("ranks.hidden", threshold=tell.mask.threshold))]
    try:
        ranks = confidence_sets(found)
    except InputError:
        return [section, tell.page.text(tell.say("ranks.unknown"))]
    frame = ranks.to_frame()
    frame = frame[frame["reason"] == ""].sort_values("rank", kind="stable")
    rows = [
        Interval(
            tell.names.zone(row[tell.zone]),
            float(row["rank"]),
            float(row["rank_low"]),
            float(row["rank_high"]),
        )
        for row in frame.to_dict("records")
    ]
    settled = int((frame["rank_low"] == frame["rank_high"]).sum())
    first = int((frame["rank_low"] == 1).sum())
    said = tell.say("ranks.text", zones=len(frame), settled=settled, first=first)
    caption = tell.say("ranks.caption", item=tell.names.item(item))
    note = tell.say("ranks.note", draws=f"{ranks.draws:,}", seed=ranks.seed)
    figure = intervals(rows, lang=tell.lang, caption=caption, note=note, digits=0)
    return [section, tell.page.text(said), tell.figure(figure)]
