import pytest

from govlab.reports.formats.widths import column_shares, printed_lines


def cells(*texts: str, breaks: bool = True) -> list[tuple[str, bool]]:
    return [(text, breaks) for text in texts]


def test_shares_sum_to_one_and_follow_the_text() -> None:
    shares = column_shares([cells("ab", "a much longer piece of text"), cells("cd", "x")], 84)
    assert sum(shares) == pytest.approx(1)
    assert shares[1] > 3 * shares[0]


def test_a_chinese_character_is_as_wide_as_two_letters() -> None:
    one, other = column_shares([cells("社区工作", "district")], 84)
    assert one == pytest.approx(other)


def test_a_number_is_never_broken_for_the_sake_of_prose() -> None:
    prose = "word " * 80
    shares = column_shares([[(prose, True), ("about 310,000", False)]], 84)
    assert shares[1] * 84 >= len("about 310,000")


def test_the_longest_column_gets_the_most_and_none_is_starved() -> None:
    prose = "many words " * 30
    short, long, longer = column_shares([cells("who holds power", prose, prose + prose)], 84)
    assert longer > long > short
    assert short * 84 >= len("holds") + 2


def test_one_long_column_among_short_ones_is_not_squeezed() -> None:
    row = cells("AKS-109", "来源称" * 30, "群众安全感明显提升", "摘要；第二节标题", "效果", "涉及管控内容")
    shares = column_shares([row, row], 84)
    assert shares[1] > 0.35
    assert min(shares) * 84 > 5.9


def test_printed_lines_are_those_of_the_highest_cell() -> None:
    assert printed_lines([cells("a", "b")], [0.5, 0.5], 84) == 1
    assert printed_lines([cells("a", "b" * 81), cells("", "")], [0.5, 0.5], 84) == 4


def test_no_rows_and_uneven_rows() -> None:
    assert column_shares([], 84) == []
    assert len(column_shares([cells("a"), cells("b", "c")], 84)) == 2


def test_too_many_columns_still_get_room_each() -> None:
    shares = column_shares([cells(*["unbreakableword"] * 12)], 84)
    assert shares == pytest.approx([1 / 12] * 12)


def test_a_word_breaks_at_its_hyphen_and_an_id_does_not() -> None:
    prose = "text " * 100
    split, _ = column_shares([cells("extraordinarily-hyphenated", prose)], 84)
    whole, _ = column_shares([cells("AKS-017", prose)], 84)
    assert split * 84 < 26
    assert whole * 84 > 8.9
