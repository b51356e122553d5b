from datetime import UTC, datetime
from io import BytesIO
from zipfile import ZipFile

from govlab.reports.formats import archive

MOMENT = datetime(2026, 11, 21, 8, 30, tzinfo=UTC)


def test_the_same_parts_give_the_same_bytes() -> None:
    parts = {"a.xml": b"<a/>", "b/c.bin": bytes(range(256))}
    assert archive.write(parts, MOMENT) == archive.write(dict(parts), MOMENT)
    assert archive.read(archive.write(parts, MOMENT)) == parts


def test_every_part_carries_the_moment() -> None:
    with ZipFile(BytesIO(archive.write({"a": b"1", "b": b"2"}, MOMENT))) as found:
        assert {entry.date_time for entry in found.infolist()} == {(2026, 11, 21, 8, 30, 0)}


def test_title_is_escaped_in_the_properties() -> None:
    core = archive.core_properties("A < B & “C”", "zh-CN", MOMENT).decode()
    assert "<dc:title>A &lt; B &amp; “C”</dc:title>" in core
    assert "<dc:language>zh-CN</dc:language>" in core
    assert ">2026-11-21T08:30:00Z</dcterms:created>" in core
