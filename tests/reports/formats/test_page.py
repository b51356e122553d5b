from datetime import UTC, datetime

import pytest

from govlab.errors import FormatError, InputError
from govlab.reports.formats.page import OutputError, PageInfo


def test_moment_is_the_epoch_that_was_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    assert PageInfo("zh", "t", generated="2026-11-21").moment() == datetime(
        2023, 11, 14, 22, 13, 20, tzinfo=UTC
    )


def test_moment_is_the_day_of_the_report_and_never_the_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    assert PageInfo("zh", "t", generated="2026-11-21").moment() == datetime(2026, 11, 21, tzinfo=UTC)
    assert PageInfo("zh", "t").moment() == datetime(1980, 1, 1, tzinfo=UTC)
    assert PageInfo("zh", "t", generated="last week").moment() == datetime(1980, 1, 1, tzinfo=UTC)


def test_moment_is_never_before_zip_files_can_tell(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "0")
    assert PageInfo("zh", "t").moment().year == 1980


def test_unknown_language_is_refused() -> None:
    with pytest.raises(ValueError, match="lang"):
        PageInfo("fr", "t")


def test_an_output_error_is_both_kinds() -> None:
    assert issubclass(OutputError, InputError)
    assert issubclass(OutputError, FormatError)
