"""Headings are found by the structure of Japanese documents, and lists are not taken for them."""

from __future__ import annotations

import pytest

from akashi.documents.parsing import Limits
from akashi.documents.parsing.compose import compose
from akashi.documents.parsing.draft import Source
from akashi.documents.parsing.marks import read_mark
from akashi.documents.parsing.readers import text

from .files import show


def passages(*lines: str) -> list[tuple[tuple[str, ...], str]]:
    """Return headings and bodies of a plain text."""
    source = Source("a.txt", Limits())
    return show(compose(text.read("\n".join(lines).encode(), source), "text/plain"))


def test_chapters_articles_and_numbers_nest() -> None:
    found = passages(
        "第１章　総則", "第１条（目的）", "目的です。", "第２条（範囲）", "１．対象", "対象です。",
        "（１）個人", "個人です。", "第２章 雑則", "第３条", "雑則です。",
    )  # fmt: skip
    assert found == [
        (("第１章 総則", "第１条（目的）"), "目的です。"),
        (("第１章 総則", "第２条（範囲）", "１．対象"), "対象です。"),
        (("第１章 総則", "第２条（範囲）", "１．対象", "（１）個人"), "個人です。"),
        (("第２章 雑則", "第３条"), "雑則です。"),
    ]


def test_article_whose_text_begins_on_its_own_line_keeps_the_line_as_body() -> None:
    line = "第３条の２（手数料）当行は手数料をいただきます。"
    assert passages(line) == [(("第３条の２（手数料）",), line)]


def test_title_in_brackets_above_an_article_belongs_to_it() -> None:
    assert passages("（目的）", "第１条", "目的です。") == [(("第１条（目的）",), "目的です。")]


def test_reference_to_an_article_is_no_heading() -> None:
    assert passages("第３条に基づき、", "第４条第２項の手数料をいただきます。")[0][0] == ()


def test_circled_numbers_without_text_between_them_are_a_list() -> None:
    lines = ("■ 必要なもの", "① 通帳", "② 届出印", "③ 本人確認書類")
    assert passages(*lines) == [(("■ 必要なもの",), "\n".join(lines[1:]))]


def test_circled_numbers_with_text_between_them_are_headings() -> None:
    assert passages("① 通帳", "お持ちください。", "② 届出印", "押してください。") == [
        (("① 通帳",), "お持ちください。"),
        (("② 届出印",), "押してください。"),
    ]


def test_table_of_contents_is_body_and_the_articles_are_headings() -> None:
    found = passages("目次", "第１条 目的", "第２条 範囲", "第３条 雑則", "", "第１条 目的", "本文。")
    assert found[-1] == (("第１条 目的",), "本文。")
    assert found[0][1].endswith("第３条 雑則")


@pytest.mark.parametrize("mark", ["【ご注意】", "■ ご注意", "＜ご注意＞", "◆ご注意"])
def test_dressed_line_is_a_heading(mark: str) -> None:
    assert passages(mark, "本文です。") == [((mark,), "本文です。")]


def test_heading_that_stands_apart_needs_no_mark() -> None:
    assert passages("はじめ。", "", "", "背景", "", "本文です。")[1] == (("背景",), "本文です。")


@pytest.mark.parametrize(
    "line",
    [
        "1. 窓口で申し込みます。",
        "1.5倍になります",
        "2025.3 現在",
        "図表1 割合",
        "(注) 手数料は別です",
        "・項目",
        "10 月 5 日",
        "以 上",
        "口座番号1234567",
    ],
)
def test_sentence_number_caption_or_item_is_no_heading(line: str) -> None:
    assert read_mark(line) is None


def test_heading_with_nothing_below_it_is_a_passage_itself() -> None:
    assert passages("第１条（目的）", "本文。", "第２条（削除）") == [
        (("第１条（目的）",), "本文。"),
        ((), "第２条（削除）"),
    ]


def test_rows_between_tabs_are_a_table_with_its_header_in_the_heading() -> None:
    assert passages("■ 手数料", "種類\t金額", "当行\t110円", "他行\t220円") == [
        (("■ 手数料", "種類 | 金額"), "当行\t110円"),
        (("■ 手数料", "種類 | 金額"), "他行\t220円"),
    ]


def test_numbering_may_start_with_a_year() -> None:
    assert passages("２．2024 年度の結果", "本文。")[0][0] == ("２．2024 年度の結果",)
