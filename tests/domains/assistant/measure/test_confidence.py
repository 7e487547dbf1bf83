"""Sure when the answer is there, not when it only sounds alike."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from akashi.domains.assistant.measure.confidence import (
    UNDONE,
    UNDONE_REASON,
    Calibration,
    Logistic,
    confidence,
    read_signals,
    shipped_calibration,
)
from akashi.domains.assistant.measure.index import Entry, Hit, build_index

INDEX = build_index(
    [
        Entry("lost", "通帳を紛失したとき", "お電話ください。すぐに口座を止めます。"),
        Entry("carry", "通帳の繰越", "ATMでいつでも繰越できます。"),
        Entry("loan", "住宅ローンの金利", "変動金利は年0.5%です。年2回見直します。"),
        Entry("fee", "振込手数料", "他行あては550円です。"),
    ]
)
SHARE = st.floats(0, 1)
HITS = st.builds(Hit, st.just("a"), st.floats(0.1, 99), SHARE, SHARE, SHARE, SHARE, st.just(()))


def sure(query: str) -> float:
    return confidence(query, INDEX.search(query, 5)).value


def test_question_of_an_entry_is_answered() -> None:
    assert sure("通帳を紛失したとき") > shipped_calibration().threshold
    assert sure("住宅ローンの金利は？") > shipped_calibration().threshold


@pytest.mark.parametrize(
    "query", ["通帳と相撲と土俵と力士の歴史", "カレーの作り方", "どうすればいいですか", "", "\ud800"]
)
def test_question_nobody_answered_goes_to_a_person(query: str) -> None:
    assert sure(query) < shipped_calibration().threshold


def test_doubt_has_reasons() -> None:
    hits = INDEX.search("通帳と相撲と土俵と力士の歴史", 5)
    doubt = confidence("通帳と相撲と土俵と力士の歴史", hits)
    assert "Important words of the question are not in this answer." in doubt.reasons
    assert confidence("天気", []).reasons == ("No approved answer mentions any word of the question.",)


def test_margin_looks_past_the_same_answer_in_other_words() -> None:
    first = Hit("a", 10.0, 0.5, 0.5, 0.5, 1.0, ())
    twin = replace(first, entry_id="b", score=9.9, likeness=0.9)
    other = replace(first, entry_id="c", score=4.0, likeness=0.1)
    assert read_signals([first, twin, other], 3)["margin"] == pytest.approx(0.6)
    assert read_signals([first, other, twin], 3)["margin"] == pytest.approx(0.6)
    assert read_signals([first], 3)["margin"] == 1.0


def test_single_hit_has_no_kin_that_would_speak_for_it() -> None:
    assert read_signals([Hit("a", 10.0, 0.5, 0.25, 0.0, 1.0, ())], 3)["kinship"] == 0


def test_value_is_the_logistic_by_hand() -> None:
    hit = Hit("a", 10.0, 0.5, 0.25, 0.0, 1.0, ())
    right = Logistic(-1.0, {"attained": 2.0, "coverage": 4.0, "margin": -1.0})
    # -1 + 2 * 0.5 + 4 * 0.25 - 1 * 1 = 0; the topic is one in two, where seven in ten count as certain
    calibration = Calibration(right, Logistic(0.0, {}), 0.5)
    assert confidence("通帳", [hit], calibration).value == pytest.approx(0.5 * 0.5 / 0.7)


def test_streams_that_agree_speak_for_a_hit_and_nouns_that_it_lacks_against_it() -> None:
    first, second = INDEX.search("通帳を紛失したとき", 2)
    assert first.accord > second.accord
    assert (first.absent, INDEX.search("通帳の金利", 1)[0].absent) == (0.0, 0.5)


def test_a_noun_that_no_entry_holds_counts_half_and_a_name_among_them_is_foreign() -> None:
    known, unheard = INDEX.search("通帳の金利", 1)[0], INDEX.search("通帳の漁村", 1)[0]
    assert (known.absent, known.unheard, known.foreign) == (0.5, 0.0, 0.0)
    assert (unheard.absent, unheard.unheard, unheard.foreign) == (0.25, 0.5, 0.0)
    assert INDEX.search("通帳のカリフォルニア", 1)[0].foreign == 0.5


def test_many_close_candidates_take_the_lead_away_and_the_same_answer_does_not() -> None:
    first = Hit("a", 10.0, 0.5, 0.5, 0.5, 1.0, ())
    rival = replace(first, entry_id="b", score=10.0, likeness=0.1)
    far, twin = replace(rival, entry_id="c", score=0.0), replace(rival, entry_id="d", likeness=0.9)
    assert read_signals([first, rival], 3)["lead"] == pytest.approx(1 / 2)
    assert read_signals([first, rival, rival, twin], 3)["lead"] == pytest.approx(1 / 3)
    assert read_signals([first, far], 3)["lead"] == pytest.approx(1 / (1 + math.exp(-6)))
    assert read_signals([first], 3)["lead"] == 1.0
    assert read_signals([first, replace(rival, other_way=1.0)], 3)["lead"] == 1.0


def test_an_entry_about_another_way_than_the_one_asked_about_is_no_rival() -> None:
    ways = build_index(
        [Entry(way, f"{way}で振り込むといくらですか", "330円です。") for way in ("窓口", "ATM", "アプリ")]
    )
    assert [hit.other_way for hit in ways.search("ATMで振り込む料金", 3)] == [0.0, 1.0, 1.0]
    assert [hit.other_way for hit in ways.search("振り込む料金", 3)] == [0.0, 0.0, 0.0]


@given(
    st.lists(HITS, min_size=1, max_size=4),
    st.sampled_from(["attained", "coverage", "agreement", "accord", "absent"]),
)
def test_better_signal_never_lowers_the_confidence(hits: list[Hit], name: str) -> None:
    hits = [replace(hits[0], accord=0.5, absent=0.5), *hits[1:]]
    improved = {
        "attained": replace(hits[0], attained=1.0),
        "coverage": replace(hits[0], coverage=1.0),
        "agreement": replace(hits[0], agreement=1.0),
        "accord": replace(hits[0], accord=1.0),
        "absent": replace(hits[0], absent=0.0),
    }
    better = [improved[name], *hits[1:]]
    value = confidence("通帳", hits).value
    assert 0 <= value <= confidence("通帳", better).value <= 1


def test_what_is_to_be_done_must_be_named() -> None:
    index = build_index([Entry("day", "住宅ローンの返済日", "毎月6日か26日です。"), *INDEX.entries])
    asked, changed = "住宅ローンの返済日は何日ですか", "住宅ローンの返済日を変更したい"
    hits = index.search(changed, 5)
    assert hits[0].entry_id == "day"
    told = confidence(changed, hits)
    named = confidence(changed, [replace(hits[0], missing=()), *hits[1:]])
    assert told.value == pytest.approx(named.value * UNDONE)
    assert told.reasons[0] == UNDONE_REASON
    assert UNDONE_REASON not in confidence(asked, index.search(asked, 5)).reasons
