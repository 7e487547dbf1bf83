"""What is approved for companies is no answer for a person, and the other way round."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from akashi.domains.assistant.measure.confidence import PARTY_REASON, confidence
from akashi.domains.assistant.measure.index import Entry, build_index
from akashi.domains.assistant.measure.parties import Party, are_different, read_party

COMPANY = Entry("company", "法人のネットバンキングの限度額", "1日1,000万円です。")
PERSON = Entry("person", "個人のネットバンキングの限度額", "1日50万円です。")
OTHER = Entry("other", "通帳の繰越", "ATMでいつでも繰越できます。")
ASKED = "個人のネットバンキングの限度額"


@pytest.mark.parametrize(
    ("text", "party"),
    [
        ("弊社の口座から不正に送金された", Party.COMPANY),
        ("会社名義の口座を作りたい", Party.COMPANY),
        ("個人のお客さま", Party.PERSON),
        ("会社員です。通帳をなくした", None),
        ("個人事業主の口座", None),
        ("代表者が個人で保証する", None),
        ("個人情報の開示", None),
        ("法人と個人の違い", None),
        ("", None),
    ],
)
def test_party_is_read_only_where_it_is_said(text: str, party: Party | None) -> None:
    assert read_party(text) is party


@given(st.text(max_size=40))
def test_no_text_differs_from_itself(text: str) -> None:
    assert not are_different(read_party(text), read_party(text))


def test_entry_for_the_other_party_comes_later() -> None:
    index = build_index([COMPANY, PERSON, OTHER])
    hits = index.search("個人のお客さまは法人のようにネットバンキングの限度額を", 3)
    assert not any(hit.other_party for hit in hits)
    first, second = index.search(ASKED, 2)
    assert (first.entry_id, first.other_party, second.other_party) == ("person", 0.0, 1.0)


def test_only_entry_for_the_other_party_is_no_sure_answer() -> None:
    index = build_index([COMPANY, OTHER])
    told = confidence(ASKED, index.search(ASKED, 5))
    plain = confidence("ネットバンキングの限度額", index.search("ネットバンキングの限度額", 5))
    assert told.reasons[0] == PARTY_REASON
    assert told.value < 0.5 < plain.value
