"""A plain question that one entry asks in the same words, and no other one, is answered at once."""

from __future__ import annotations

from dataclasses import replace

import pytest

from akashi.domains.assistant.measure.confidence import ECHO, confidence, shipped_calibration
from akashi.domains.assistant.measure.echo import is_echo, read_said
from akashi.domains.assistant.measure.index import Entry, build_index

ENTRIES = [
    Entry("lost", "通帳をなくした", "すぐにお電話ください。"),
    Entry("firm", "会社のカードや通帳をなくした場合の手続きは", "届出印をお持ちください。"),
    Entry("moved", "引っ越したので住所を変えたい", "アプリで変更できます。"),
    Entry("seal", "住所と印鑑を変えたい", "窓口へお越しください。"),
    Entry("close", "口座を解約するにはどうしたらいいですか", "窓口でお申し込みください。"),
    Entry("open", "口座を開きたい", "本人確認書類をお持ちください。"),
    Entry("stuck", "通帳が機械に入らない", "窓口でお取り替えします。"),
]
INDEX = build_index(ENTRIES)


@pytest.mark.parametrize(
    ("query", "entry"),
    [
        ("通帳をなくしました", "lost"),
        ("通帳を紛失してしまったのですが", "lost"),
        ("住所を変えたいのですが", "moved"),
        ("口座を解約したい", "close"),
    ],
)
def test_plain_question_is_sure(query: str, entry: str) -> None:
    hits = INDEX.search(query, 10)
    assert (hits[0].entry_id, hits[0].echo) == (entry, 1.0)
    assert not any(hit.echo for hit in hits[1:])
    assert confidence(query, hits).value >= ECHO > shipped_calibration().threshold


@pytest.mark.parametrize(
    ("query", "own"),
    [
        ("通帳をなくしました", "会社の通帳をなくした"),  # the entry is about more
        ("会社の通帳をなくしました", "通帳をなくした"),  # the customer is
        ("通帳が機械に入りました", "通帳が機械に入らない"),  # one says no
        ("通帳", "通帳"),  # one word says too little
        ("", ""),
    ],
)
def test_another_question_is_no_echo(query: str, own: str) -> None:
    assert not is_echo(read_said(query), own)


def test_noun_that_entries_use_themselves_stands_for_no_other() -> None:
    asked = read_said("通帳の紛失")
    assert is_echo(asked, "通帳をなくした")
    assert not is_echo(asked, "通帳をなくした", frozenset(["w紛失"]))


def test_two_different_entries_that_ask_the_same_are_both_doubted() -> None:
    index = build_index([*ENTRIES, Entry("twin", "通帳をなくしてしまった", "再発行の手数料は千百円です。")])
    hits = index.search("通帳をなくしました", 10)
    assert [hit.echo for hit in hits[:2]] == [1.0, 1.0]
    lone = [hits[0], *(replace(hit, echo=0.0) for hit in hits[1:])]
    rival = [hits[0], replace(hits[1], likeness=0.2), *hits[2:]]
    assert (
        confidence("通帳をなくしました", rival).value < ECHO <= confidence("通帳をなくしました", lone).value
    )


def test_deed_of_the_question_is_looked_for_in_the_entrys_own() -> None:
    deeds = {hit.entry_id: hit.deed for hit in INDEX.search("通帳と住所を変えたい", 10)}
    assert deeds["moved"] == 1.0
    assert deeds["lost"] == 0.0
    assert {hit.deed for hit in INDEX.search("通帳と住所", 10)} == {0.5}


def test_advice_is_no_echo_to_be_sure_of() -> None:
    index = build_index([Entry("rise", "来年、金利は上がりますか", "お答えできません。")])
    assert (
        confidence("来年、金利は上がりますか", index.search("来年、金利は上がりますか", 5)).value
        < shipped_calibration().threshold
    )
