import pytest

from govlab.reports.formats.widths import column_shares


def cells(*texts: str, breaks: bool = True) -> list[tuple[str, bool]]:
    return [(text, breaks) for text in texts]


def test_shares_sum_to_one_and_follow_the_text() -> None:
    shares = column_shares([cells("ab", "a much longer piece of text"), cells("cd", "x")])
    assert sum(shares) == pytest.approx(1)
    assert shares[1] > 3 * shares[0]


def test_a_chinese_character_is_as_wide_as_two_letters() -> None:
    one, other = column_shares([cells("社区工作", "communit")])
    assert one == pytest.approx(other)


def test_a_number_is_never_broken_for_the_sake_of_prose() -> None:
    prose = "word " * 80
    shares = column_shares([[(prose, True), ("about 310,000", False)]])
    assert shares[1] * 84 >= len("about 310,000")


def test_short_columns_get_what_they_ask_before_long_ones_share_the_rest() -> None:
    prose = "many words " * 30
    short, long, longer = column_shares([cells("who holds power", prose, prose + prose)])
    assert short * 84 >= len("who holds power") + 2
    assert long == pytest.approx(longer)


def test_no_rows_and_uneven_rows() -> None:
    assert column_shares([]) == []
    assert len(column_shares([cells("a"), cells("b", "c")])) == 2


def test_too_many_columns_still_get_room_each() -> None:
    shares = column_shares([cells(*["unbreakableword"] * 12)])
    assert shares == pytest.approx([1 / 12] * 12)
