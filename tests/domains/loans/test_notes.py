"""Notes become summaries in their own words; mails ask and promise nothing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from akashi.core.errors import InputError
from akashi.domains.loans.measure.notes import (
    promises_something,
    read_mails,
    summarise_note,
    write_mail,
)
from tests.domains.loans.cases import OVEN, make_case

MINUTES = """11月20日、白砂支店にて面談。天気の話から始まった。
オーブンの見積は1,200万円で、自己資金200万円を充てることで合意した。
社長は小麦粉の値上がりを懸念している。
見積書の原本を11月30日までに持参する予定。
金利は2.4%で試算してほしいとのこと。
店の看板は青い。"""


def test_a_summary_is_made_of_sentences_of_the_note() -> None:
    picked = summarise_note(MINUTES)
    assert [one.head for one in picked] == ["agreed", "worries", "promised", "figures"]
    assert all(one.text in MINUTES for one in picked)
    assert all("看板" not in one.text and "天気" not in one.text for one in picked)


@given(st.text(min_size=1, max_size=300))
def test_a_summary_never_says_what_the_note_does_not(text: str) -> None:
    if not text.strip():
        return
    for one in summarise_note(text):
        assert one.text in text


def test_a_long_note_keeps_what_was_agreed() -> None:
    text = "金額は100万円である。" * 40 + "融資を申し込むことで合意した。"
    picked = summarise_note(text)
    assert len(picked) == 12
    assert picked[-1].head == "agreed"


def test_an_empty_or_endless_note_is_refused() -> None:
    for text in ("  ", "あ" * 20_001):
        with pytest.raises(InputError):
            summarise_note(text)


def test_a_mail_lists_what_lacks_and_nothing_of_the_desk() -> None:
    case = make_case(uploads=())
    subject, body = write_mail("missing", case, "湊 遥", "汐見銀行")
    assert "R-2026-000123" in subject
    assert "株式会社しおかぜ製パン 様" in body
    assert "・設備の見積書" in body
    for secret in ("2.4", "審査金利", "DSCR", "債務償還"):
        assert secret not in subject + body


def test_there_is_no_mail_about_nothing() -> None:
    with pytest.raises(InputError, match="nothing to ask"):
        write_mail("mismatch", make_case(), "湊 遥", "汐見銀行")
    with pytest.raises(InputError):
        write_mail("approval", make_case(), "湊 遥", "汐見銀行")


def test_a_customers_braces_stay_his_own() -> None:
    case = make_case(values={**OVEN, "company_name": "{points}製パン{x}"})
    assert "{points}製パン{x} 様" in write_mail("received", case, "湊", "汐見銀行")[1]


def test_no_wording_of_a_mail_promises_anything() -> None:
    texts = [words for kinds in read_mails().values() for mail in kinds.values() for words in mail.values()]
    assert texts
    assert not any(promises_something(text) for text in texts)
    assert promises_something("審査に通りましたので、必ずご融資します。")
