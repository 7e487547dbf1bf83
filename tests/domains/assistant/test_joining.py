"""Excerpts that stand together: each approved, each cited, never two that contradict each other."""

from __future__ import annotations

import time
from datetime import date, timedelta

import pytest

from akashi.core.thread import Audience, Outcome, Question
from akashi.documents.parsing import parse_bytes
from akashi.documents.store import NewVersion, add_version, read_text, withdraw_version
from akashi.documents.treat import submit_version
from akashi.domains.assistant.answering import ask
from akashi.domains.assistant.model import Reply
from akashi.platform.sheets import write_csv
from akashi.platform.site import Site
from akashi.sample.seed import list_actors, walk_route

FEE = (
    "貸金庫の年間手数料はいくらですか",
    "貸金庫の年間手数料は13,200円（税込）です。毎年4月に引き落とします。",
)
TERMS = (
    "貸金庫の契約条件は何ですか",
    "貸金庫の契約条件は、個人で普通預金口座をお持ちで20歳以上であることです。",
)
BEFORE = ("硬貨整理料は2026年9月30日まではいくらですか", "2026年9月30日までの硬貨整理料は330円です。")
AFTER = ("硬貨整理料は2026年12月1日からはいくらですか", "2026年12月1日からの硬貨整理料は550円です。")
BOTH = "貸金庫の年間手数料と契約条件を教えてください"


def add_faq(
    site: Site,
    key: str,
    *rows: tuple[str, str],
    audience: Audience = Audience.CUSTOMERS,
    effective_from: date = date(2026, 4, 1),
    approved: bool = True,
) -> str:
    """Bring questions and answers into effect on the bank's own route; return the version's id."""
    actors = list_actors()
    content = write_csv([("question", "answer"), *rows])
    new = NewVersion(
        key=key,
        title=f"質問集 {key}",
        title_en=key,
        audience=audience,
        owner_office="operations_department",
        file_name=f"{key}.csv",
        content=content,
        parsed=parse_bytes(f"{key}.csv", content),
        effective_from=effective_from,
    )
    with site.database.write() as connection:
        added = add_version(connection, new, actors["isobe_mio"], site.now())
        if approved:
            matter = submit_version(connection, added.version.id, actors["isobe_mio"], site.now())
            walk_route(connection, matter, actors, site.now())
    return added.version.id


def reply_to(site: Site, text: str) -> Reply:
    return ask(site, Question(text, site.now()))


def told(reply: Reply) -> list[str]:
    return [excerpt.text for excerpt in reply.answer.excerpts]


def test_fee_and_condition_stand_together_each_cited(sample_site: Site) -> None:
    add_faq(sample_site, "box_fee", FEE)
    add_faq(sample_site, "box_terms", TERMS)
    reply = reply_to(sample_site, BOTH)
    assert told(reply) == [FEE[1], TERMS[1]]
    assert len({source.citation.document_id for source in reply.sources}) == 2
    with sample_site.database.read() as connection:
        for source in reply.sources:
            assert (
                source.citation.interval.of(read_text(connection, source.version_id)) == source.citation.quote
            )


def test_before_and_after_a_date_stand_together(sample_site: Site) -> None:
    add_faq(sample_site, "coins_before", BEFORE)
    add_faq(sample_site, "coins_after", AFTER)
    reply = reply_to(sample_site, "2026年9月30日までと2026年12月1日からの硬貨整理料はいくらですか")
    assert told(reply) == [BEFORE[1], AFTER[1]]


@pytest.mark.parametrize("other", ["貸金庫の年間手数料は15,400円（税込）です。毎年4月に引き落とします。"])
def test_contradicting_entries_never_stand_together(sample_site: Site, other: str) -> None:
    add_faq(sample_site, "box_one", FEE)
    add_faq(sample_site, "box_two", ("貸金庫の年間手数料はおいくらですか", other))
    for text in (
        "貸金庫の年間手数料はいくらですか。あと、貸金庫の年間手数料はおいくらですか",
        "貸金庫の年間手数料と貸金庫の年間手数料を教えてください",
    ):
        assert len(told(reply_to(sample_site, text))) <= 1


def test_staff_words_never_join_a_customers_answer(sample_site: Site) -> None:
    add_faq(sample_site, "box_fee", FEE)
    add_faq(sample_site, "box_terms", TERMS, audience=Audience.STAFF)
    assert TERMS[1] not in told(reply_to(sample_site, BOTH))


def test_two_versions_of_a_document_never_stand_together(sample_site: Site) -> None:
    add_faq(sample_site, "coins", BEFORE, FEE)
    sample_site.clock.advance(timedelta(minutes=1))  # type: ignore[attr-defined]  # a frozen clock
    add_faq(sample_site, "coins", AFTER, FEE, effective_from=date(2026, 11, 1))
    reply = reply_to(sample_site, "2026年9月30日までと2026年12月1日からの硬貨整理料はいくらですか")
    assert BEFORE[1] not in told(reply)
    assert len({source.version_id for source in reply.sources}) <= 1


def test_withdrawn_part_is_gone_from_the_next_answer(sample_site: Site) -> None:
    add_faq(sample_site, "box_fee", FEE)
    terms = add_faq(sample_site, "box_terms", TERMS)
    compliance = list_actors()["kishimoto_rei"]
    with sample_site.database.write() as connection:
        withdraw_version(connection, terms, "誤り", compliance, sample_site.now())
    assert TERMS[1] not in told(reply_to(sample_site, BOTH))


def test_draft_changes_nothing_that_customers_read(sample_site: Site) -> None:
    add_faq(sample_site, "box_fee", FEE)
    before = reply_to(sample_site, FEE[0]).answer
    wrong = (FEE[0], "手数料は無料です。すぐに 03-0000-0000 へお振り込みください。")
    add_faq(sample_site, "box_fee", wrong, approved=False)
    add_faq(sample_site, "box_other", wrong, approved=False)
    assert reply_to(sample_site, FEE[0]).answer == before


def test_changed_document_answers_differently_within_a_second(sample_site: Site) -> None:
    add_faq(sample_site, "box_fee", FEE)
    assert told(reply_to(sample_site, FEE[0])) == [FEE[1]]
    changed = FEE[1].replace("13,200", "14,300")
    sample_site.clock.advance(timedelta(minutes=1))  # type: ignore[attr-defined]  # a frozen clock
    add_faq(sample_site, "box_fee", (FEE[0], changed))
    started = time.perf_counter()
    assert told(reply_to(sample_site, FEE[0])) == [changed]
    assert time.perf_counter() - started < 1


def test_no_more_than_three_excerpts_are_ever_shown(sample_site: Site) -> None:
    texts = [f"{name}の保管料はいくらですか" for name in ("絵画", "宝石", "楽器", "骨董品", "切手帳")]
    for number, text in enumerate(texts):
        add_faq(
            sample_site, f"store_{number}", (text, f"{text[:2]}は月額{number + 1},100円でお預かりします。")
        )
    reply = reply_to(sample_site, "。".join(texts))
    assert len(reply.answer.excerpts) <= 3
    if reply.answer.outcome is Outcome.ANSWERED:
        assert all(excerpt.is_verbatim for excerpt in reply.answer.excerpts)
