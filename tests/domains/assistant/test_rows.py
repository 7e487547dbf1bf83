"""A row of a table is shown under the names of its columns, and chosen by its own name."""

from __future__ import annotations

from datetime import date

import pytest

from akashi.core.spans import Interval
from akashi.core.thread import Answer, Citation, Excerpt, Outcome
from akashi.domains.assistant.generating import Drop, Dropped, Sentence, check_sentence, make_task
from akashi.domains.assistant.model import Reply, Source, describe_reply, name_choice
from akashi.domains.assistant.rows import (
    Block,
    describe_row,
    lay_out,
    mistakes_column,
    name_row,
    read_row,
)
from akashi.domains.guardrails.output import check_output

FEES = "手数料一覧 ＞ 振込手数料 ＞ ご利用方法 | 本支店あて | 他行あて"


def source(heading: str, quote: str, is_question: bool = False) -> Source:
    citation = Citation("fees", "0" * 64, Interval(0, len(quote)), quote)
    return Source(citation, "p", "v", 1, "手数料一覧", heading, date(2026, 4, 1), None, is_question)


@pytest.mark.parametrize("text", ["窓口 | 330円 | 660円", "窓口|330円|660円", "窓口\t330円\t660円"])
def test_every_cell_of_a_row_stands_under_its_column(text: str) -> None:
    assert read_row(FEES, text) == (("ご利用方法", "窓口"), ("本支店あて", "330円"), ("他行あて", "660円"))


def test_empty_cells_keep_their_place_and_a_first_column_may_have_no_name() -> None:
    assert read_row(FEES, "窓口 |  | 660円")[1:] == (("本支店あて", ""), ("他行あて", "660円"))
    assert read_row("表 ＞ 2025年 | 2026年", "窓口 | 1 | 2")[0] == ("", "窓口")


@pytest.mark.parametrize(
    "text", ["窓口は330円です。", "窓口 | 330円", "窓口 | 1 | 2 | 3 | 4", "窓口 | 1\n | 2", "", " | | "]
)
def test_what_is_not_a_whole_row_is_shown_as_it_is(text: str) -> None:
    assert read_row(FEES, text) == ()
    assert name_row(FEES, text) == FEES


def test_rows_of_one_table_are_different_choices() -> None:
    rows = ["窓口 | 330円 | 660円", "ATM | 無料 | 275円"]
    assert [name_choice(source(FEES, row)) for row in rows] == [
        "手数料一覧 ＞ 振込手数料 ＞ 窓口",
        "手数料一覧 ＞ 振込手数料 ＞ ATM",
    ]
    assert name_choice(source("手数料 | 無料", "窓口 | 330円", is_question=True)) == "手数料 | 無料"


def test_reply_tells_the_cells_beside_the_words_that_are_cited() -> None:
    one = source(FEES, "窓口 | 330円 | 660円")
    answer = Answer(Outcome.ANSWERED, (Excerpt(one.citation.quote, one.citation),), 0.9)
    told = describe_reply(Reply(answer, (one,), 1, 1.0))["excerpts"][0]
    assert told["text"] == "窓口 | 330円 | 660円"
    assert told["cells"][1] == {"column": "本支店あて", "cell": "330円"}


def test_row_in_a_message_is_laid_out_only_while_its_line_is_unchanged() -> None:
    row = "窓口 | 330円 | 660円"
    rows = [{"text": row, "cells": describe_row(read_row(FEES, row))}]
    before, cells, after = lay_out(f"ご案内します。\r\n\r\n{row}\r\n以上です。", rows)
    assert (before, after) == (Block("ご案内します。"), Block("以上です。"))
    assert cells.text == row
    assert cells.cells[2] == {"column": "他行あて", "cell": "660円"}
    assert lay_out("窓口 | 330円 | 770円", rows) == (Block("窓口 | 330円 | 770円"),)


@pytest.mark.parametrize(
    ("said", "mistaken"),
    [
        ("窓口の本支店あては330円、他行あては660円です。", False),
        ("330円が本支店あて、660円が他行あてです。", False),
        ("窓口の本支店あては660円、他行あては330円です。", True),
        ("660円が本支店あて、330円が他行あてです。", True),
        ("窓口の他行あては無料です。", True),
        ("窓口をご利用ください。", False),
    ],
)
def test_cell_is_said_of_its_own_column_only(said: str, mistaken: bool) -> None:
    assert mistakes_column(said, read_row(FEES, "窓口 | 330円 | 660円")) is mistaken


def test_model_reads_the_columns_of_a_row_and_is_believed_only_as_far_as_they_bear_it() -> None:
    plain = source(FEES, "窓口は平日のみです。")
    task = make_task("手数料は", (source(FEES, "窓口 | 330円 | 660円"), plain))
    assert task.excerpts == ("ご利用方法：窓口、本支店あて：330円、他行あて：660円", "窓口は平日のみです。")

    def judge(said: str) -> Sentence | Dropped:
        return check_sentence(said, (1,), task.excerpts, check_output, task.rows)

    assert judge("窓口の他行あての手数料は660円です。") == Sentence(
        "窓口の他行あての手数料は660円です。", (1,)
    )
    assert judge("窓口の他行あての手数料は330円です。") == Dropped(
        Drop.UNSUPPORTED, "窓口の他行あての手数料は330円です。"
    )
