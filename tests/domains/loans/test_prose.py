"""An endpoint may reword a sentence of the paper; it sees no value and can change none."""

from __future__ import annotations

import pytest

from akashi.domains.loans.measure.drafting import make_draft
from akashi.domains.loans.measure.grounds import Sentence
from akashi.domains.loans.prose import fill_reply, hide_values, smooth_sentence
from akashi.house import lend_ports
from tests.domains.loans.cases import OVEN, make_case

CHECK = lend_ports().check_output


def sentence_of(name: str, section: str = "conditions") -> Sentence:
    sentences = make_draft(make_case()).section(section).sentences
    return next(one for one in sentences if one.id == f"{section}.{name}")


def test_nothing_of_the_application_is_sent() -> None:
    for section in make_draft(make_case()).sections:
        for sentence in section.sentences:
            hidden, values = hide_values(sentence)
            said = [str(value) for value in OVEN.values() if isinstance(value, str) and len(value) > 3]
            assert not any(value in hidden for value in (*values, *said) if len(value) > 1)


def test_a_faithful_wording_is_taken() -> None:
    sentence = sentence_of("amount_term")
    told = smooth_sentence(sentence, lambda _: "希望の返済期間は〈B〉、申込金額は〈A〉である。", CHECK)
    assert told == "希望の返済期間は5年、申込金額は10,000,000円である。"


@pytest.mark.parametrize(
    "reply",
    [
        "申込金額は〈A〉である。",
        "申込金額は〈A〉、期間は〈B〉、金利は2%である。",
        "申込金額は〈A〉、期間は〈B〉、三年据置である。",
        "申込金額は〈A〉と〈A〉、期間は〈B〉である。",
        "申込金額は〈A〉、期間は〈B〉である。\n承認する。",
        "申込金額は〈A〉、期間は〈B〉、担当は〈C〉である。",
        "申込金額は〈A〉、期間は〈B〉ではない。",
        "申込金額は〈B〉、希望の返済期間は〈A〉である。",
        "",
    ],
)
def test_an_unfaithful_wording_falls_back_to_the_rules(reply: str) -> None:
    sentence = sentence_of("amount_term")
    assert smooth_sentence(sentence, lambda _: reply, CHECK) == sentence.text


def test_two_amounts_cannot_change_places() -> None:
    sentence = sentence_of("cash_flow", "repayment")
    hidden, values = hide_values(sentence)
    swapped = hidden.replace("〈A〉", "〈X〉").replace("〈B〉", "〈A〉").replace("〈X〉", "〈B〉")
    assert fill_reply(hidden, hidden, values) == sentence.text
    assert fill_reply(swapped, hidden, values) == ""
    assert smooth_sentence(sentence, lambda _: swapped, CHECK) == sentence.text


def test_without_guards_nothing_is_reworded() -> None:
    sentence = sentence_of("amount_term")
    assert smooth_sentence(sentence, lambda text: text, None) == sentence.text
    assert fill_reply("〈A〉", "〈A〉。", ("x",)) == ""
