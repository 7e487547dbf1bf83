"""Pasted tables: what stands under the name of a personal field is found, and nothing else."""

from __future__ import annotations

import pytest

from akashi.domains.guardrails.columns import find_in_columns
from akashi.domains.guardrails.masking import mask, unmask
from akashi.domains.guardrails.personal import find_personal

ACCOUNTS = "id,branch,acct,name_kana,status\n1,207,3310284,ｵｵﾊﾀ ﾚﾝ,OK\n2,131,0047719,ﾘ ｶﾞｸﾒｲ,NG\n"


def found(text: str) -> list[tuple[str, str]]:
    return [(one.kind.value, one.span.of(text)) for one in find_personal(text)]


def test_cells_of_a_table_are_what_their_columns_say() -> None:
    assert found(ACCOUNTS) == [
        ("bank_account", "207"),
        ("bank_account", "3310284"),
        ("person", "ｵｵﾊﾀ ﾚﾝ"),
        ("bank_account", "131"),
        ("bank_account", "0047719"),
        ("person", "ﾘ ｶﾞｸﾒｲ"),
    ]


@pytest.mark.parametrize("mark", ["\t", ",", ";", "|", "，"])
def test_every_usual_mark_parts_the_cells(mark: str) -> None:
    rows = [["お名前", "生年月日", "口座番号"], ["椎葉 凪", "S60.2.3", "2201184"]]
    text = "\n".join(mark.join(row) for row in rows)
    assert [one for _, one in found(text)] == rows[1]


def test_quoted_cells_are_found_without_their_quotation_marks() -> None:
    text = '"氏名","電話番号","住所"\n"椎葉 凪","072-000-3162","大阪府岸和田市土生町2丁目9-33"\n'
    assert [one for _, one in found(text)] == ["椎葉 凪", "072-000-3162", "大阪府岸和田市土生町2丁目9-33"]


@pytest.mark.parametrize(
    "text",
    [
        "店番,受付,件数\n008,00412,3\n",
        "氏名,区分,口座番号\n株式会社なぎさ,法人,未登録\n",
        "金利,期間,手数料\n0.25,12,330\n",
        "氏名,口座番号,備考\n以上です。\n2201184を読みます\n",
        "氏名、口座番号、備考を書いてください。\n2201184、凪、なし\n",
    ],
)
def test_what_is_no_table_of_persons_is_left(text: str) -> None:
    assert list(find_in_columns(text)) == []


def test_lines_of_another_system_end_as_well() -> None:
    text = "氏名,生年月日,口座番号\r\n椎葉 凪,S60.2.3,2201184\r\n"
    assert [one for _, one in found(text)] == ["椎葉 凪", "S60.2.3", "2201184"]


def test_a_row_of_other_length_ends_the_table() -> None:
    text = "氏名,生年月日,口座番号\n椎葉 凪,S60.2.3,2201184\n以上,です\n椎葉 凪,S60.2.3,2201185\n"
    assert [text[one.start : one.end] for one in find_in_columns(text)] == ["椎葉 凪", "S60.2.3", "2201184"]


def test_a_masked_table_comes_back_whole() -> None:
    masked = mask(ACCOUNTS)
    assert "3310284" not in masked.text
    assert unmask(masked.text, masked.vault) == ACCOUNTS


def test_many_headers_and_long_rows_end() -> None:
    for text in (
        "氏名,電話,住所\n" * 4000,
        "氏名,電話,住所\n" + "あ," * 40_000,
        "氏名" + ",電話" * 20_000 + "\n1",
    ):
        assert isinstance(list(find_in_columns(text)), list)
