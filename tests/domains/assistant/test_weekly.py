"""The weekly page: numbers worked by hand, no customer's words, files that say the same."""

from __future__ import annotations

import random
import string
from datetime import date, datetime, timedelta

import pytest
from defusedxml.ElementTree import fromstring
from hypothesis import given
from hypothesis import strategies as st

from akashi.conversations.cases import Ending
from akashi.conversations.masks import Masker
from akashi.conversations.model import Thumb
from akashi.core.errors import InputError
from akashi.core.people import Actor, ActorKind, Role
from akashi.core.thread import Outcome
from akashi.domains.assistant.callback import Wish, ask_callback
from akashi.domains.assistant.console import (
    Composed,
    finish_case,
    open_case,
    read_queue,
    send_reply,
)
from akashi.domains.assistant.console_store import Sent
from akashi.domains.assistant.drafting import find_help
from akashi.domains.assistant.fitness import judge_fitness, read_sample
from akashi.domains.assistant.measure.clusters import cluster_words
from akashi.domains.assistant.talk import ask_in_conversation, judge_answer
from akashi.domains.assistant.weekly import ASSUMED_SECONDS, make_report, measure_drafts, read_week, week_of
from akashi.domains.assistant.weekly_chart import draw_week
from akashi.domains.assistant.weekly_store import Fitness, Place
from akashi.ledger.store import list_kinds
from akashi.platform.sheets import read_table
from akashi.platform.site import Site
from tests.conftest import open_client, sign_in
from tests.domains.assistant.test_console import MIO, TRANSFER, wait_for_person

OWNER = Actor("shiraishi_kyoko", ActorKind.PERSON, frozenset({Role.BUSINESS_OWNER}))
WORDS = st.lists(st.lists(st.sampled_from(["金利", "通帳", "相続", "振込", "来年"]), max_size=4), max_size=20)


def sent(verdict: str, seconds: int, distance: int = 0, draft: int = 100) -> Sent:
    """One reply, as far as the measures look at it."""
    return Sent(
        "s",
        "c",
        "h",
        1,
        date_moment(),
        "isobe_mio",
        "web",
        "draft",
        (),
        verdict,
        distance,
        draft,
        100,
        seconds,
    )


def date_moment() -> datetime:
    """A moment of no importance."""
    return week_of(date(2026, 11, 20)).since


def test_drafts_are_measured_by_hand() -> None:
    found = measure_drafts(
        [sent("unchanged", 40), sent("edited", 100, distance=20), sent("anew", 300, distance=100)]
    )
    assert found.sent == 3
    assert found.acceptance == pytest.approx(2 / 3)
    assert found.edit_share == pytest.approx(0.1)
    assert (found.median_distance, found.median_seconds) == (10, 70)
    assert (found.is_assumed, found.baseline_seconds) == (True, ASSUMED_SECONDS)
    assert found.saved_seconds == (300 - 40) + (300 - 100)


def test_baseline_is_measured_as_soon_as_five_were_written_anew() -> None:
    found = measure_drafts([sent("unchanged", 40), *(sent("anew", 100 + n) for n in range(5))])
    assert (found.is_assumed, found.baseline_seconds, found.saved_seconds) == (False, 102, 62)


def test_nothing_sent_is_no_rate() -> None:
    found = measure_drafts([])
    assert (found.acceptance, found.edit_share, found.saved_seconds) == (None, None, 0)


def test_questions_that_share_their_words_are_one_topic() -> None:
    found = cluster_words([["金利", "見通し"], ["金利", "見通し", "来年"], ["相続", "税"], ["通帳"]])
    assert (found[0].count, found[0].words) == (2, ("金利", "見通し", "来年"))
    assert sum(one.count for one in found) == 4


@given(WORDS, st.randoms())
def test_topics_lose_no_question_and_do_not_depend_on_the_order(
    questions: list[list[str]], order: random.Random
) -> None:
    found = cluster_words(questions)
    assert sum(one.count for one in found) == sum(1 for words in questions if words)
    shuffled = [list(words) for words in questions]
    order.shuffle(shuffled)
    assert cluster_words(shuffled) == found


def test_week_shows_what_happened_and_no_customers_words(sample_site: Site) -> None:
    secret = "灯台ナナホシ太郎です。住宅ローンの金利の見通しは"
    for _ in range(3):
        token, case = wait_for_person(sample_site, secret)
        open_case(sample_site, case.id, MIO)
        found = find_help(sample_site, TRANSFER)
        references = tuple(piece.reference for piece in found.draft)
        send_reply(sample_site, case.id, MIO, Composed(found.text, references, "draft"))
        finish_case(sample_site, case.id, MIO, Ending("solved"), "終わりました。")
    judge_answer(sample_site, token, 2, Thumb.DOWN, "違う")
    report = make_report(sample_site, week_of(date(2026, 11, 20)))
    assert (report.asked, report.cases.requested, report.cases.outcomes) == (3, 3, {"solved": 3})
    assert (report.drafts.sent, report.drafts.acceptance, report.thumbs) == (3, 1.0, {"down": 1})
    with open_client(sample_site) as client:
        sign_in(client, "katase_minoru")
        for path in ("", "/chart.svg", "/export?as=csv"):
            answer = client.get(f"/assistant/weekly{path}")
            assert answer.status_code == 200
            assert not any(word in answer.text for word in ("ナナホシ", "七星", "太郎"))


def test_exports_say_the_same_in_both_formats(sample_site: Site) -> None:
    wait_for_person(sample_site)
    with open_client(sample_site) as client:
        sign_in(client, "shiraishi_kyoko")
        tables = [
            read_table(f"week.{kind}", client.get(f"/assistant/weekly/export?as={kind}").content)
            for kind in ("csv", "xlsx")
        ]
        assert client.get("/assistant/weekly/export?as=pdf").status_code == 422
    assert tables[0] == tables[1]
    assert ["質問", "引継ぎ率"] in [row[:2] for row in tables[0]]


def test_chart_is_well_formed_and_escapes_names() -> None:
    week = week_of(date(2026, 11, 20))
    counts = {(week.first, Outcome.ANSWERED.value): 7, (week.last, Outcome.HAND_OVER.value): 2}
    drawn = draw_week(week.days, counts, {"answered": "<b>&回答"}, "a<b")
    root = fromstring(drawn)
    assert root.tag.endswith("svg")
    assert "<b>" not in drawn


def test_sample_is_judged_by_a_business_owner_and_recorded(sample_site: Site) -> None:
    ask_in_conversation(
        sample_site, "", "結婚して名字が変わりました。通帳はどうなりますか。口座1234567", "ja"
    )
    week = week_of(date(2026, 11, 20))
    sample, left = read_sample(sample_site, week, OWNER, lambda: Masker(None, str))
    assert (left, "1234567" in sample[0].question) == (1, False)
    with pytest.raises(InputError, match="wrong or missing"):
        judge_fitness(sample_site, sample[0].place, Fitness.INCORRECT, " ", OWNER)
    judge_fitness(sample_site, sample[0].place, Fitness.INCOMPLETE, "戸籍の説明がない", OWNER)
    assert read_sample(sample_site, week, OWNER, lambda: Masker(None, str)) == ([], 0)
    assert make_report(sample_site, week).verdicts == {"incomplete": 1}
    with sample_site.database.read() as connection:
        assert {"assistant.sample_read", "assistant.answer_judged"} <= set(list_kinds(connection))


def test_what_is_no_answer_cannot_be_judged(sample_site: Site) -> None:
    _, case = wait_for_person(sample_site)
    with pytest.raises(InputError, match="no such answer"):
        judge_fitness(sample_site, Place(case.conversation_id, 1), Fitness.CORRECT, "", OWNER)


@pytest.mark.parametrize("person", ["isobe_mio", "katase_minoru", "kaido_ren"])
def test_only_business_owners_see_the_sample(sample_site: Site, person: str) -> None:
    with open_client(sample_site) as client:
        sign_in(client, person)
        assert client.get("/assistant/weekly/sample").status_code == 403
        assert client.get("/assistant/weekly").status_code == 200


@pytest.mark.parametrize("week", ["yesterday", "2026-13-40", "9999-12-31", "0001-01-01", "令和8年"])
def test_weeks_that_are_none_end_in_one_sentence(sample_site: Site, week: str) -> None:
    with open_client(sample_site) as client:
        sign_in(client, "shiraishi_kyoko")
        assert client.get("/assistant/weekly", params={"week": week}).status_code in {200, 422}


def test_week_begins_on_monday_in_tokyo(sample_site: Site) -> None:
    week = read_week("", sample_site.now())
    assert (week.first, week.last) == (date(2026, 11, 16), date(2026, 11, 22))
    assert week.until - week.since == timedelta(days=7)


@given(st.text(alphabet=string.digits + "口座-あ", max_size=30))
def test_masked_text_has_no_long_number(text: str) -> None:
    masked, _ = Masker(None, lambda kind: "").mask(text)
    assert not any(len(run) >= 4 for run in "".join(c if c.isdigit() else " " for c in masked).split())


def test_week_is_counted_the_same_on_both_databases(site: Site) -> None:
    token, case = wait_for_person(site, "土曜日に窓口は開いていますか")
    ask_callback(site, token, Wish("山田花子", "mail", "hanako@example.jp", "平日", "同意します"))
    open_case(site, case.id, MIO)
    send_reply(site, case.id, MIO, Composed("お調べします。"))
    finish_case(site, case.id, MIO, Ending("solved"), "終わりました。")
    judge_fitness(site, Place(case.conversation_id, 2), Fitness.CORRECT, "", OWNER)
    report = make_report(site, week_of(date(2026, 11, 20)))
    assert (report.asked, report.handover_rate, report.callbacks, report.unanswered) == (1, 1.0, 1, 1)
    assert report.drafts.counts == {"anew": 1}
    assert report.verdicts == {"correct": 1}
    assert report.cases.steps == {"claimed": 1, "closed": 1}
    assert read_queue(site) == ([], 0)
