"""Opening and acting, on both databases."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from akashi.approvals import store
from akashi.approvals.conditions import fulfil_condition, mark_overdue
from akashi.approvals.deputies import end_deputy, register_deputy
from akashi.approvals.matters import act, open_after_fact, open_matter, read_matter
from akashi.approvals.measure import measure_state
from akashi.approvals.model import Action, Condition, Draft, EventKind, Matter, Outcome, Phase, Risk, Subject
from akashi.approvals.tasks import list_due, tasks_for
from akashi.core.errors import ConflictError, ForbiddenError, InputError
from akashi.core.people import Actor, ActorKind, Role
from tests.approvals.conftest import DIGEST, Bank, actor, draft


def do(bank: Bank, matter: Matter, action: Action, who: str, **more: object) -> Outcome:
    with bank.database.write() as connection:
        return act(connection, matter.id, action, actor(who), bank.site.now(), **more)  # type: ignore[arg-type]


def bring_to_decision(bank: Bank, matter: Matter) -> None:
    do(bank, matter, Action.CIRCULATE, "suzuki")
    do(bank, matter, Action.CONCUR, "hayashi")
    do(bank, matter, Action.CONCUR, "mori")


def test_matter_goes_the_whole_route_and_gets_a_number(bank: Bank) -> None:
    matter = bank.open()
    bring_to_decision(bank, matter)
    outcome = do(bank, matter, Action.DECIDE, "yamada", reason="了承")
    assert outcome.state.phase is Phase.DECIDED
    assert outcome.state.number == "2026-決-00001"
    with bank.database.read() as connection:
        stored = read_matter(connection, matter.id)
        assert measure_state(stored.steps, stored.events) == outcome.state
        assert store.list_matters(connection, phases=[Phase.DECIDED], number="2026-決-00001") == [stored]


def test_shortest_route_is_two_persons(bank: Bank) -> None:
    matter = bank.open(risk=Risk.LOW)
    assert do(bank, matter, Action.DECIDE, "ito").state.phase is Phase.DECIDED


def test_nobody_decides_his_own_draft(bank: Bank) -> None:
    drafter = actor("tanaka", Role.COMPLIANCE_OFFICER)
    with bank.database.write() as connection:
        matter = open_matter(connection, draft(Risk.LOW), drafter, bank.site.now())
        with pytest.raises(ForbiddenError, match="own draft"):
            act(connection, matter.id, Action.DECIDE, drafter, bank.site.now())


def test_one_person_does_not_act_on_two_steps(bank: Bank) -> None:
    matter = bank.open()
    both = actor("mori", Role.COMPLIANCE_OFFICER)
    do(bank, matter, Action.CIRCULATE, "suzuki")
    with bank.database.write() as connection:
        act(connection, matter.id, Action.CONCUR, both, bank.site.now())
        with pytest.raises(ForbiddenError, match="two steps"):
            act(connection, matter.id, Action.CONCUR, both, bank.site.now())


def test_executive_cannot_decide_before_the_second_line_concurred(bank: Bank) -> None:
    matter = bank.open()
    with pytest.raises(ConflictError):
        do(bank, matter, Action.DECIDE, "yamada")
    do(bank, matter, Action.CIRCULATE, "suzuki")
    do(bank, matter, Action.CONCUR, "mori")
    with pytest.raises(ConflictError):
        do(bank, matter, Action.DECIDE, "yamada")


@pytest.mark.parametrize(
    "who",
    [
        Actor("local:root", ActorKind.LOCAL, frozenset({Role.COMPLIANCE_OFFICER})),
        Actor("service:x", ActorKind.SERVICE, frozenset({Role.COMPLIANCE_OFFICER})),
        Actor("ito", ActorKind.PERSON, frozenset({Role.COMPLIANCE_OFFICER}), confirmed=False),
        Actor("abe", ActorKind.PERSON, frozenset({Role.COMPLIANCE_OFFICER, Role.AUDITOR})),
        Actor("okada", ActorKind.PERSON, frozenset({Role.COMPLIANCE_OFFICER, Role.ADMINISTRATOR})),
        Actor("suzuki", ActorKind.PERSON, frozenset({Role.BUSINESS_OWNER})),
    ],
)
def test_these_never_decide(bank: Bank, who: Actor) -> None:
    matter = bank.open(risk=Risk.LOW)
    with bank.database.write() as connection, pytest.raises(ForbiddenError):
        act(connection, matter.id, Action.DECIDE, who, bank.site.now())


def test_return_needs_a_reason_and_starts_a_new_round(bank: Bank) -> None:
    matter = bank.open()
    bring_to_decision(bank, matter)
    with pytest.raises(InputError, match="Fill in"):
        do(bank, matter, Action.RETURN, "yamada", reason="  ")
    assert do(bank, matter, Action.RETURN, "yamada", reason="根拠不足").state.phase is Phase.RETURNED
    with pytest.raises(ForbiddenError):
        do(bank, matter, Action.RESUBMIT, "suzuki")
    changed = hashlib.sha256(b"new").hexdigest()
    state = do(bank, matter, Action.RESUBMIT, "tanaka", digest=changed).state
    assert (state.phase, state.round, state.digest) == (Phase.CIRCULATION, 2, changed)
    with bank.database.read() as connection:
        assert read_matter(connection, matter.id).draft.subject.digest == changed


def test_drafter_withdraws_until_it_is_decided(bank: Bank) -> None:
    matter = bank.open()
    with pytest.raises(ForbiddenError):
        do(bank, matter, Action.WITHDRAW, "suzuki")
    assert do(bank, matter, Action.WITHDRAW, "tanaka").state.phase is Phase.WITHDRAWN
    decided = bank.open(risk=Risk.LOW)
    do(bank, decided, Action.DECIDE, "ito")
    with pytest.raises(ConflictError):
        do(bank, decided, Action.WITHDRAW, "tanaka")


def test_numbers_restart_in_april_and_have_no_gaps(bank: Bank) -> None:
    numbers = []
    for days in (0, 0, 132, 0):
        bank.site.clock.advance(timedelta(days=days))  # type: ignore[attr-defined]
        matter = bank.open(risk=Risk.LOW)
        with pytest.raises(ForbiddenError):
            do(bank, matter, Action.DECIDE, "suzuki")
        numbers.append(do(bank, matter, Action.DECIDE, "ito").state.number)
    assert numbers == ["2026-決-00001", "2026-決-00002", "2027-決-00001", "2027-決-00002"]


def test_conditions_become_due_items_and_overdue(bank: Bank) -> None:
    matter = bank.open(risk=Risk.LOW)
    condition = Condition("", "窓口掲示を更新すること", "suzuki", date(2026, 11, 30))
    state = do(bank, matter, Action.DECIDE, "ito", conditions=[condition]).state
    assert [item.id for item in state.conditions] == ["c1"]
    now = bank.site.now()
    with bank.database.write() as connection:
        assert [item.is_overdue for item in tasks_for(connection, actor("suzuki"), now).conditions] == [False]
        with pytest.raises(ForbiddenError):
            fulfil_condition(connection, matter.id, "c1", actor("tanaka"), now, evidence="済")
    assert mark_overdue(bank.site, now) == 0
    later = now + timedelta(days=11)
    assert [mark_overdue(bank.site, later), mark_overdue(bank.site, later)] == [1, 0]
    with bank.database.write() as connection:
        assert [item.is_overdue for item in list_due(connection, later)] == [True]
        fulfil_condition(connection, matter.id, "c1", actor("suzuki"), later, evidence="掲示写真を確認")
        assert list_due(connection, later) == []
        with pytest.raises(ConflictError, match="already"):
            fulfil_condition(connection, matter.id, "c1", actor("suzuki"), later, evidence="再度")


def test_emergency_is_for_those_named_and_overdue_without_approval(bank: Bank) -> None:
    now, due = bank.site.now(), date(2026, 11, 25)
    stop = draft(Risk.HIGH, "service_stop")
    with bank.database.write() as connection:
        with pytest.raises(ForbiddenError, match="act first"):
            open_after_fact(connection, stop, actor("tanaka"), now, due)
        with pytest.raises(ForbiddenError, match="act first"):
            open_after_fact(connection, draft(Risk.HIGH), actor("mori"), now, due)
        matter = open_after_fact(connection, stop, actor("mori"), now, due)
    assert matter.approve_by == due
    assert mark_overdue(bank.site, now + timedelta(days=5)) == 0
    assert mark_overdue(bank.site, now + timedelta(days=6)) == 1


def test_deputy_signs_and_both_names_stay(bank: Bank) -> None:
    matter = bank.open(risk=Risk.LOW)
    now = bank.site.now()
    with bank.database.write() as connection:
        register_deputy(connection, "kimura", date(2026, 11, 20), date(2026, 11, 21), actor("ito"), now)
    with pytest.raises(ForbiddenError, match="roles"):
        do(bank, matter, Action.DECIDE, "kimura")
    event = do(bank, matter, Action.DECIDE, "kimura", for_id="ito").event
    assert (event.actor_id, event.for_id) == ("kimura", "ito")


def test_deputy_never_signs_outside_the_period_or_after_its_end(bank: Bank) -> None:
    matter = bank.open(risk=Risk.LOW)
    now = bank.site.now()
    with bank.database.write() as connection:
        days = (date(2026, 11, 21), date(2026, 11, 22))
        entry = register_deputy(connection, "kimura", *days, actor("ito"), now)
    with pytest.raises(ForbiddenError, match="deputy"):
        do(bank, matter, Action.DECIDE, "kimura", for_id="ito")
    bank.site.clock.advance(timedelta(days=1))  # type: ignore[attr-defined]
    with bank.database.write() as connection:
        end_deputy(connection, entry.id, actor("ito"), bank.site.now())
    with pytest.raises(ForbiddenError, match="deputy"):
        do(bank, matter, Action.DECIDE, "kimura", for_id="ito")


def test_deputy_never_signs_for_the_drafter_nor_on_his_own_draft(bank: Bank) -> None:
    now, days = bank.site.now(), (date(2026, 11, 20), date(2026, 11, 21))
    with bank.database.write() as connection:
        register_deputy(connection, "kimura", *days, actor("ito"), now)
        both = actor("kimura", Role.BUSINESS_OWNER)
        own = open_matter(connection, draft(Risk.LOW), actor("tanaka"), now)
        theirs = open_matter(connection, draft(Risk.LOW), actor("ito", Role.BUSINESS_OWNER), now)
        mine = open_matter(connection, draft(Risk.LOW), both, now)
        assert own
        for matter in (theirs, mine):
            with pytest.raises(ForbiddenError, match="own draft"):
                act(connection, matter.id, Action.DECIDE, actor("kimura"), now, for_id="ito")


def test_first_line_cannot_be_deputy_of_the_second_line(bank: Bank) -> None:
    days = (date(2026, 11, 20), date(2026, 11, 21))
    with bank.database.write() as connection:
        for deputy in ("suzuki", "abe", "ito", "nobody"):
            with pytest.raises(InputError):
                register_deputy(connection, deputy, *days, actor("ito"), bank.site.now())


def test_stale_page_is_a_conflict(bank: Bank) -> None:
    matter = bank.open(risk=Risk.LOW)
    do(bank, matter, Action.RETURN, "ito", reason="確認")
    do(bank, matter, Action.RESUBMIT, "tanaka")
    with pytest.raises(ConflictError, match="Somebody else"):
        do(bank, matter, Action.DECIDE, "ito", seen=1)
    assert do(bank, matter, Action.DECIDE, "ito", seen=3).state.phase is Phase.DECIDED


def test_room_learns_in_the_same_transaction(
    bank: Bank, rehearsal: Callable[[str], int], tmp_path: Path
) -> None:
    matter = bank.open(
        risk=Risk.LOW, callback="akashi.rehearsal.plays:told", digest_of="akashi.rehearsal.plays:digest"
    )
    do(bank, matter, Action.RETURN, "ito", reason="誤字")
    do(bank, matter, Action.RESUBMIT, "tanaka")
    do(bank, matter, Action.DECIDE, "ito")
    assert (tmp_path / "told.txt").read_text() == "returned \nresubmitted \ndecided 2026-決-00001\n"


def test_room_that_fails_undoes_the_decision(bank: Bank, rehearsal: Callable[[str], int]) -> None:
    matter = bank.open(risk=Risk.LOW, callback="akashi.rehearsal.plays:broken")
    with pytest.raises(OSError, match="full"):
        do(bank, matter, Action.DECIDE, "ito")
    with bank.database.read() as connection:
        stored = read_matter(connection, matter.id)
        assert measure_state(stored.steps, stored.events).phase is Phase.DECISION
    next_matter = bank.open(risk=Risk.LOW)
    assert do(bank, next_matter, Action.DECIDE, "ito").state.number == "2026-決-00001"


def test_decision_binds_exactly_what_was_handed_in(bank: Bank, rehearsal: Callable[[str], int]) -> None:
    matter = bank.open(risk=Risk.LOW, digest_of="akashi.rehearsal.plays:digest")
    rehearsal("手数料一覧 第3版")
    with pytest.raises(ConflictError, match="changed"):
        do(bank, matter, Action.DECIDE, "ito")
    do(bank, matter, Action.RETURN, "ito", reason="内容変更")
    do(bank, matter, Action.RESUBMIT, "tanaka")
    event = do(bank, matter, Action.DECIDE, "ito").event
    assert event.digest == hashlib.sha256("手数料一覧 第3版".encode()).hexdigest() != DIGEST


@pytest.mark.parametrize(
    "reference",
    [
        "os:system",
        "akashi.approvals.matters:act",
        "akashi.core.people:Actor",
        "akashi.rehearsal.plays:number",
        "akashi.rehearsal.plays:_hidden",
        "akashi.rehearsal.plays:absent",
        "akashi.rehearsal.absent:told",
        "akashi.nowhere.store:told",
        "akashi/rehearsal",
    ],
)
def test_reference_outside_rooms_is_refused(
    bank: Bank, rehearsal: Callable[[str], int], reference: str
) -> None:
    with pytest.raises(InputError, match="reference"):
        bank.open(risk=Risk.LOW, callback=reference)


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"title": " "}, "title"),
        ({"title": "あ" * 201}, "title"),
        ({"title": "決裁\u202eecalp"}, "title"),
        ({"summary": "あ\x00"}, "summary"),
        ({"link": "https://example.com/"}, "link"),
        ({"link": "//example.com/"}, "link"),
        ({"kind": "unknown"}, ""),
        ({"subject": Subject("documents", "x", "abc")}, "digest"),
    ],
)
def test_draft_that_cannot_be_used_changes_nothing(bank: Bank, change: dict[str, object], where: str) -> None:
    values = {"title": "表題", "kind": "document", "risk": Risk.LOW, "subject": Subject("d", "x", DIGEST)}
    with bank.database.write() as connection:
        with pytest.raises(InputError) as caught:
            open_matter(connection, Draft(**{**values, **change}), actor("tanaka"), bank.site.now())  # type: ignore[arg-type]
        assert caught.value.where == where
        assert store.list_matters(connection) == []


def test_every_event_has_one_ledger_entry_without_its_words(bank: Bank) -> None:
    matter = bank.open(risk=Risk.LOW)
    do(bank, matter, Action.DECIDE, "ito", reason="田中様の申出による")
    with bank.database.read() as connection:
        rows = connection.execute(sa.text("SELECT * FROM ledger_entry")).mappings().all()
    own = [str(dict(row)) for row in rows if matter.id in str(dict(row))]
    assert len(own) == 2
    assert not any("田中様" in text or "手数料" in text for text in own)


def test_events_are_what_lists_say(bank: Bank) -> None:
    first, second = bank.open(), bank.open(risk=Risk.LOW)
    do(bank, second, Action.DECIDE, "ito")
    with bank.database.read() as connection:
        for phase, expected in ((Phase.CIRCULATION, first.id), (Phase.DECIDED, second.id)):
            assert [item.id for item in store.list_matters(connection, phases=[phase])] == [expected]
        assert [event.kind for event in read_matter(connection, second.id).events] == [
            EventKind.OPENED,
            EventKind.DECIDED,
        ]
