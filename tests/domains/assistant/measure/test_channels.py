"""An approved answer about the counter is not the answer to a question about the machine."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from akashi.domains.assistant.measure.channels import is_other_way, read_ways


@pytest.mark.parametrize(
    ("question", "heading"),
    [
        ("店頭で通帳をやめることはできますか", "アプリで通帳を切り替えるには"),
        ("ＡＴＭで硬貨を入れられる？", "窓口で硬貨を入金するといくらかかりますか"),
        ("キカイではなく、スマホから送金したらいくら", "コンビニATMの手数料を教えて"),
        ("自分の銀行のATMで下ろす手数料", "コンビニATMの手数料を教えて"),
        ("書類は郵送でいいですか", "インターネットバンキングで住所を変える"),
    ],
)
def test_another_way_is_seen(question: str, heading: str) -> None:
    assert is_other_way(question, heading)


@pytest.mark.parametrize(
    ("question", "heading"),
    [
        ("窓口とATM、どちらが安いですか", "ATMから他の銀行へ振り込むときの手数料は"),
        ("コンビニのATMで下ろすといくら", "コンビニATMの手数料を教えて"),
        ("振込の手数料はいくら", "窓口で他の銀行に振り込むといくらかかりますか"),
        ("窓口で振り込むといくら", "他の銀行に振り込むといくらかかりますか"),
        ("ゆうちょの郵便局からは", "窓口の営業時間"),
    ],
)
def test_the_same_way_or_none_is_no_doubt(question: str, heading: str) -> None:
    assert not is_other_way(question, heading)


@given(st.text())
def test_nothing_is_another_way_than_itself(text: str) -> None:
    assert not is_other_way(text, text)
    assert read_ways(text) <= {"counter", "machine", "store", "net", "post"}
