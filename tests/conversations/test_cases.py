"""The hand-over queue: one case, one operator; passed on, given back, closed; never silently."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
import sqlalchemy as sa

from akashi.conversations.cases import (
    Ending,
    Reach,
    Target,
    claim_case,
    close_case,
    find_case,
    find_open_case,
    hold_case,
    list_queue,
    list_steps,
    median_wait,
    recall_case,
    release_case,
    return_idle,
    transfer_case,
)
from akashi.conversations.erasure import erase_conversation
from akashi.conversations.model import ErasureReason, Handover, HandoverReason, StepKind, Urgency
from akashi.conversations.notes import add_note, read_notes
from akashi.conversations.retention import set_periods
from akashi.conversations.store import note_table
from akashi.conversations.talk import request_person
from akashi.core.errors import ConflictError, InputError
from akashi.core.people import Actor, ActorKind, Role
from akashi.ledger.store import list_kinds
from tests.conversations.conftest import OPERATOR, PRIVACY, Desk

OTHER = Actor("hamada", ActorKind.PERSON, frozenset({Role.OPERATOR}))


def open_case(desk: Desk, urgency: Urgency = Urgency.NORMAL) -> Handover:
    """Begin a conversation that waits for a person."""
    conversation = desk.start().conversation
    with desk.site.database.write() as connection:
        return request_person(
            connection, desk.site.keys, conversation.id, HandoverReason.NO_ANSWER, urgency, desk.site.now()
        )


def claim(desk: Desk, case: Handover, actor: Actor = OPERATOR) -> Handover:
    with desk.site.database.write() as connection:
        return claim_case(connection, case.id, actor, desk.site.now())


def kinds(desk: Desk, case: Handover) -> list[StepKind]:
    with desk.site.database.read() as connection:
        return [step.kind for step in list_steps(connection, case.id)]


def test_of_eight_simultaneous_claims_exactly_one_wins(desk: Desk) -> None:
    case, together = open_case(desk), Barrier(8)

    def attempt(number: int) -> bool:
        together.wait()
        actor = Actor(f"operator-{number}", ActorKind.PERSON, frozenset({Role.OPERATOR}))
        try:
            claim(desk, case, actor)
        except ConflictError:
            return False
        return True

    with ThreadPoolExecutor(8) as threads:
        wins = list(threads.map(attempt, range(8)))
    assert sum(wins) == 1
    with desk.site.database.read() as connection:
        assert find_case(connection, case.id).taken_by == f"operator-{wins.index(True)}"
    assert kinds(desk, case) == [StepKind.CLAIMED]


def test_release_and_close_at_once_leave_one_of_both(desk: Desk) -> None:
    case = open_case(desk)
    claim(desk, case)
    together = Barrier(2)

    def attempt(deed: str) -> bool:
        together.wait()
        try:
            with desk.site.database.write() as connection:
                if deed == "release":
                    release_case(connection, case.id, OPERATOR, desk.site.now())
                else:
                    ending = Ending("solved")
                    close_case(connection, desk.site.keys, case.id, OPERATOR, ending, desk.site.now())
        except ConflictError:
            return False
        return True

    with ThreadPoolExecutor(2) as threads:
        assert sum(threads.map(attempt, ["release", "close"])) == 1


def test_queue_shows_the_most_urgent_then_the_longest_waiting(desk: Desk) -> None:
    first = open_case(desk)
    desk.site.clock.advance(timedelta(minutes=3))  # type: ignore[attr-defined]
    second, urgent = open_case(desk), open_case(desk, Urgency.AT_ONCE)
    with desk.site.database.read() as connection:
        assert [case.id for case in list_queue(connection)][:1] == [urgent.id]
        assert {case.id for case in list_queue(connection)[2:]} == {second.id}
        assert list_queue(connection)[1].id == first.id


def test_released_case_can_be_claimed_by_another(desk: Desk) -> None:
    case = open_case(desk)
    claim(desk, case)
    with pytest.raises(ConflictError):
        claim(desk, case, OTHER)
    with desk.site.database.write() as connection:
        release_case(connection, case.id, OPERATOR, desk.site.now())
    assert claim(desk, case, OTHER).taken_by == "hamada"
    assert kinds(desk, case) == [StepKind.CLAIMED, StepKind.RELEASED, StepKind.CLAIMED]


def test_transfer_carries_a_sealed_note_to_a_person_or_an_office(desk: Desk) -> None:
    case, site = open_case(desk), desk.site
    claim(desk, case)
    with site.database.write() as connection:
        transfer_case(
            connection, site.keys, case.id, OPERATOR, Target("hamada"), "ご本人確認済み", site.now()
        )
    with site.database.write() as connection:
        assert find_case(connection, case.id).taken_by == "hamada"
        target = Target(office="loan_department")
        transfer_case(connection, site.keys, case.id, OTHER, target, "融資のご相談", site.now())
    with site.database.read() as connection:
        assert [one.id for one in list_queue(connection, "loan_department")] == [case.id]
        assert find_case(connection, case.id).taken_by is None
        notes = read_notes(connection, site.keys, case.conversation_id)
        said = [notes[step.note_id].content["note"] for step in list_steps(connection, case.id)[1:]]
        stored = connection.execute(sa.select(note_table.c.sealed)).scalars().all()
    assert said == ["ご本人確認済み", "融資のご相談"]
    assert not any("融資".encode() in bytes(sealed) for sealed in stored)


def test_case_at_an_office_is_taken_there_or_recalled(desk: Desk) -> None:
    case, site = open_case(desk), desk.site
    claim(desk, case)
    with site.database.write() as connection:
        target = Target(office="loan_department")
        transfer_case(connection, site.keys, case.id, OPERATOR, target, "融資", site.now())
    for reach in (Reach("call_center"), Reach("", takes_unassigned=False)):
        with pytest.raises(ConflictError, match="another office"), site.database.write() as connection:
            claim_case(connection, case.id, OPERATOR, site.now(), reach)
    with site.database.write() as connection:
        recall_case(connection, case.id, OPERATOR, site.now())
        with pytest.raises(ConflictError, match="no office"):
            recall_case(connection, case.id, OPERATOR, site.now())
        assert find_case(connection, case.id).office is None
        claim_case(connection, case.id, OPERATOR, site.now(), Reach("call_center"))
    assert kinds(desk, case)[-2:] == [StepKind.RECALLED, StepKind.CLAIMED]


def test_case_at_an_office_is_claimed_by_its_people(desk: Desk) -> None:
    case, site = open_case(desk), desk.site
    claim(desk, case)
    reach = Reach("loan_department", takes_unassigned=False)
    with pytest.raises(ConflictError), site.database.write() as connection:
        claim_case(connection, case.id, OTHER, site.now(), reach)
    with site.database.write() as connection:
        target = Target(office="loan_department")
        transfer_case(connection, site.keys, case.id, OPERATOR, target, "融資", site.now())
        assert claim_case(connection, case.id, OTHER, site.now(), reach).taken_by == "hamada"
        with pytest.raises(ConflictError):
            recall_case(connection, case.id, OPERATOR, site.now())


@pytest.mark.parametrize("target", [Target(), Target("a", "b"), Target("sasaki")])
def test_transfer_to_nobody_to_both_or_to_oneself_is_refused(sqlite_desk: Desk, target: Target) -> None:
    case, site = open_case(sqlite_desk), sqlite_desk.site
    claim(sqlite_desk, case)
    with pytest.raises(InputError), site.database.write() as connection:
        transfer_case(connection, site.keys, case.id, OPERATOR, target, "note", site.now())


def test_only_the_holder_closes_and_a_closed_case_stays_closed(desk: Desk) -> None:
    case, site = open_case(desk), desk.site
    claim(desk, case)
    with pytest.raises(ConflictError), site.database.write() as connection:
        close_case(connection, site.keys, case.id, OTHER, Ending("solved"), site.now())
    with site.database.write() as connection:
        closed = close_case(connection, site.keys, case.id, OPERATOR, Ending("solved", "済"), site.now())
        assert (closed.outcome, closed.closed_by) == ("solved", "sasaki")
        assert find_open_case(connection, case.conversation_id) is None
    with pytest.raises(ConflictError):
        claim(desk, case)


def test_idle_case_returns_to_the_queue_and_says_so(desk: Desk) -> None:
    case, site = open_case(desk), desk.site
    claim(desk, case)
    site.clock.advance(timedelta(minutes=14))  # type: ignore[attr-defined]
    with site.database.write() as connection:
        assert return_idle(connection, site.now() - timedelta(minutes=15), site.now()) == 0
        hold_case(connection, case.id, OPERATOR, site.now())
    site.clock.advance(timedelta(minutes=16))  # type: ignore[attr-defined]
    with site.database.write() as connection:
        assert return_idle(connection, site.now() - timedelta(minutes=15), site.now()) == 1
        assert return_idle(connection, site.now() - timedelta(minutes=15), site.now()) == 0
        assert find_case(connection, case.id).taken_by is None
        told = list_kinds(connection)
    assert kinds(desk, case) == [StepKind.CLAIMED, StepKind.RETURNED]
    assert "conversations.case_returned" in told


def test_median_wait_says_nothing_from_too_few_cases(desk: Desk) -> None:
    cases = [open_case(desk) for _ in range(5)]
    since = desk.site.now()
    for case in cases[:4]:
        claim(desk, case)
    with desk.site.database.read() as connection:
        assert median_wait(connection, since) is None
    desk.site.clock.advance(timedelta(minutes=8))  # type: ignore[attr-defined]
    claim(desk, cases[4])
    with desk.site.database.read() as connection:
        assert median_wait(connection, since) == timedelta(0)


def test_erasure_overwrites_notes_too(desk: Desk) -> None:
    conversation, site = desk.start().conversation, desk.site
    with site.database.write() as connection:
        add_note(connection, site.keys, conversation.id, "callback", {"name": "山田"}, "customer", site.now())
        set_periods(connection, [], "test", site.now())
    site.clock.advance(timedelta(days=365 * 6))  # type: ignore[attr-defined]
    erase_conversation(site, conversation.id, ErasureReason.RETENTION_OVER, PRIVACY, site.now())
    with site.database.read() as connection:
        assert connection.execute(sa.select(note_table.c.sealed)).scalars().all() == [b""]
        assert read_notes(connection, site.keys, conversation.id) == {}
