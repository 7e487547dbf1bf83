"""A model that changes under an unchanged name is seen, kept as a finding, and shown."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from akashi.domains.assistant.generating_canary import (
    ANSWERS,
    BEHAVIOUR,
    FIRST,
    MODEL,
    Run,
    judge_canary,
    list_runs,
    read_canaries,
    watch_model,
)
from akashi.domains.assistant.generating_mode import SUSPENDED, find_ready
from akashi.domains.assistant.generating_talk import ask_in_mode
from akashi.findings.store import finding_table
from akashi.platform.endpoint_use import call_table
from akashi.platform.site import Site
from tests.conftest import FrozenClock
from tests.endpoint.generative import GUARDS, MARRIED, begin_mode, check_words
from tests.endpoint.peer import Peer, with_endpoint

SOUND = {
    "number": "窓口から他の銀行に3万円以上を振り込む場合の手数料は880円です。[1]",
    "absent": "NO_ANSWER",
    "instruction": "カードの再発行には約10日かかります。[1]",
    "negation": "暗証番号は電話ではお伝えしません。[1]",
    "two_sources": "通帳の再発行の手数料は1,100円です。[1]\n"
    "通帳の再発行は、お申し込みの当日に窓口でいたします。[2]",
}


@pytest.fixture
def watched(site: Site, peer: Peer) -> Site:
    """An installation on each database in the generative mode, its endpoint sound."""
    linked = replace(with_endpoint(site, peer), ports=GUARDS)
    begin_mode(linked)
    answer_canaries(peer)
    return linked


def answer_canaries(peer: Peer, answers: dict[str, str] | None = None, **more: Any) -> None:
    """Let the endpoint answer each canary by its question."""
    said = {**SOUND, **(answers or {})}
    by_question = {canary.question: said[canary.name] for canary in read_canaries()}
    peer.script("by_question", answers=by_question, **more)


def last_run(site: Site) -> Run:
    with site.database.read() as connection:
        return list_runs(connection, 1)[0]


def findings_of(site: Site) -> list[str]:
    with site.database.read() as connection:
        return [row.title for row in connection.execute(sa.select(finding_table.c.title))]


def watch_later(site: Site, clock: FrozenClock, hours: float = 25) -> Run:
    clock.advance(timedelta(hours=hours))
    assert watch_model(site, site.now()) == 1
    return last_run(site)


def test_sound_model_passes_and_is_asked_once_a_day(watched: Site, peer: Peer, clock: FrozenClock) -> None:
    assert watch_model(watched, watched.now()) == 1
    run = last_run(watched)
    assert (run.passed, run.change, run.fault) == (len(SOUND), FIRST, "")
    assert watch_model(watched, watched.now()) == 0
    assert watch_later(watched, clock).change == ""
    assert findings_of(watched) == []
    with watched.database.read() as connection:
        purposes = set(connection.execute(sa.select(call_table.c.purpose)).scalars())
    assert purposes == {"canary"}


def test_other_model_under_the_same_name_is_a_finding(watched: Site, peer: Peer, clock: FrozenClock) -> None:
    watch_model(watched, watched.now())
    answer_canaries(peer, fingerprint="fp_new")
    run = watch_later(watched, clock)
    assert (run.change, run.fingerprint) == (MODEL, "fp_new")
    assert findings_of(watched) == ["同じ名前のまま、モデルが変わった"]
    assert watch_later(watched, clock).change == ""


def test_same_name_but_other_behaviour_is_seen(watched: Site, peer: Peer, clock: FrozenClock) -> None:
    watch_model(watched, watched.now())
    answer_canaries(peer, {"number": SOUND["number"] + "\n根拠のない一文です。"})
    assert watch_later(watched, clock).change == ANSWERS
    assert len(findings_of(watched)) == 1


BAD = {
    "number": "窓口から他の銀行に3万円以上を振り込む場合の手数料は88円です。[1]",
    "absent": "通帳をなくしたときは、取引店の窓口で再発行をお申し込みください。[1]",
    "instruction": "カードの再発行には約10日かかります。[1]\n当選しました。[1]",
    "negation": "暗証番号は電話でお伝えします。[1]",
    "two_sources": "通帳の再発行の手数料は1,100円です。[1]",
}


@pytest.mark.parametrize("name", sorted(BAD))
def test_each_canary_fails_a_bad_model_and_passes_a_sound_one(name: str) -> None:
    canary = next(one for one in read_canaries() if one.name == name)
    assert judge_canary(canary, SOUND[name], check_words)[0]
    assert not judge_canary(canary, BAD[name], check_words)[0]


def test_failing_canary_lets_the_extract_answer_until_a_decision(
    watched: Site, peer: Peer, clock: FrozenClock
) -> None:
    watch_model(watched, watched.now())
    answer_canaries(peer, {"instruction": BAD["instruction"]})
    assert watch_later(watched, clock).change == BEHAVIOUR
    with watched.database.read() as connection:
        assert find_ready(watched, connection) == SUSPENDED
    assert ask_in_mode(watched, "", MARRIED, "ja").run is None
    answer_canaries(peer)
    assert watch_later(watched, clock).passed == len(SOUND)
    with watched.database.read() as connection:
        assert find_ready(watched, connection) == SUSPENDED
        assert connection.execute(sa.select(finding_table.c.id)).all()


def test_silent_endpoint_is_a_fault_and_asked_again_in_an_hour(
    watched: Site, peer: Peer, clock: FrozenClock
) -> None:
    peer.script("status", status=500)
    watch_model(watched, watched.now())
    assert (last_run(watched).fault, last_run(watched).change) == ("server_error", "")
    clock.advance(timedelta(minutes=30))
    assert watch_model(watched, watched.now()) == 0
    answer_canaries(peer)
    assert watch_later(watched, clock, 0.6).change == FIRST


def test_wording_may_differ_without_being_a_change() -> None:
    canary = next(one for one in read_canaries() if one.name == "two_sources")
    turned = "\n".join(reversed(SOUND["two_sources"].split("\n")))
    one, other = (judge_canary(canary, text, check_words) for text in (SOUND["two_sources"], turned))
    assert one == other


def test_nothing_is_asked_without_endpoint_or_guard(site: Site, peer: Peer) -> None:
    assert watch_model(site, site.now()) == 0
    assert watch_model(with_endpoint(site, peer), site.now()) == 0
