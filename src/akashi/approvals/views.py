"""What a matter looks like on a page: its way, its history, its stamps, its conditions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy.engine import Connection

from akashi.approvals.measure import STEP_EVENTS, is_late, open_steps
from akashi.approvals.model import (
    Authority,
    Condition,
    Event,
    EventKind,
    Matter,
    Phase,
    Route,
    State,
    Step,
    StepKind,
)
from akashi.approvals.store import list_authority
from akashi.approvals.words import DECIDED_WITH_CONDITIONS, EVENTS, PHASES, RISKS, STAMPS, STEPS
from akashi.core.moments import tokyo_day
from akashi.core.people import SYSTEM, Role
from akashi.identity.store import list_people
from akashi.platform.kit import Translator, mark
from akashi.platform.kit.menu import ROLE_NAMES

BEGINNINGS = frozenset({EventKind.OPENED, EventKind.RESUBMITTED})
AKASHI_ITSELF = mark("Automatic record")


class Names:
    """Names of people in the reader's language; an unknown id stands for itself."""

    def __init__(self, connection: Connection, said: Translator) -> None:
        self.said = said
        self._labels = {person.id: person.label(said.language) for person in list_people(connection)}

    def __call__(self, person_id: str) -> str:
        """Return one person's name."""
        return self.said(AKASHI_ITSELF) if person_id == SYSTEM.id else self._labels.get(person_id, person_id)

    def signed(self, event: Event) -> str:
        """Return who acted, and for whom."""
        if not event.for_id:
            return self(event.actor_id)
        return self.said(
            "{deputy}, deputy of {person}", deputy=self(event.actor_id), person=self(event.for_id)
        )


class KindNames:
    """How the authority table calls kinds of matters; an unknown kind stands for itself."""

    def __init__(self, connection: Connection, said: Translator) -> None:
        lines = list_authority(connection)
        self._lines = {(line.kind, line.risk): line_title(line, said.language) for line in lines}
        self.short = {line.kind: _without_remark(line_title(line, said.language)) for line in lines}

    def __call__(self, matter: Matter) -> str:
        """Return the name of a matter's kind at its size of risk."""
        kind = matter.draft.kind
        return self._lines.get((kind, matter.draft.risk), kind)


@dataclass(frozen=True, slots=True)
class ConditionView:
    """One condition with how it stands."""

    condition: Condition
    owner: str
    is_fulfilled: bool
    is_overdue: bool
    evidence: str
    may_fulfil: bool


def read_phase(state: State, said: Translator) -> tuple[str, str]:
    """Return the words and the tone of a matter's phase."""
    words, tone = PHASES[state.phase]
    if state.phase is Phase.DECIDED and state.conditions:
        return said(DECIDED_WITH_CONDITIONS), tone
    return said(words), tone


def read_risk(matter: Matter, said: Translator) -> tuple[str, str]:
    """Return the words and the tone of a matter's risk."""
    words, tone = RISKS[matter.draft.risk]
    return said(words), tone


def step_title(step: Step, said: Translator) -> str:
    """Return a step's own title, or the name of its kind."""
    own = step.title if said.language == "ja" else step.title_en
    return own or said(STEPS[step.kind])


def route_title(route: Route, language: str) -> str:
    """Return a route's title in the reader's language."""
    return route.title if language == "ja" or not route.title_en else route.title_en


def line_title(line: Authority, language: str) -> str:
    """Return how a line of the authority table is called in the reader's language."""
    return line.title if language == "ja" or not line.title_en else line.title_en


def list_steps(matter: Matter, state: State, names: Names, said: Translator) -> list[dict[str, Any]]:
    """Return the way of a matter for the kit's ``steps``: done, now, next or returned."""
    done = {event.step: event for event in _this_round(matter) if event.kind in STEP_EVENTS}
    returned = {event.step for event in _this_round(matter) if event.kind is EventKind.RETURNED}
    now = open_steps(matter.steps, state)
    items = []
    for index, step in enumerate(matter.steps):
        event = matter.events[0] if index == 0 else done.get(index)
        item: dict[str, Any] = {"title": step_title(step, said)}
        if event is not None:
            item |= {"state": "done", "who": names.signed(event), "at": _this_round(matter)[0].at}
            item["at"] = event.at if index else item["at"]
        elif index in returned and state.phase is Phase.RETURNED:
            item |= {"state": "returned"}
        else:
            item |= {"state": "now" if index in now else "next", "who": role_names(step.roles, said)}
        items.append(item)
    return items


def list_history(matter: Matter, names: Names, said: Translator) -> list[dict[str, Any]]:
    """Return the history of a matter for the kit's ``timeline``, newest first."""
    return [_tell_event(matter, event, names, said) for event in reversed(matter.events)]


def list_stamps(matter: Matter, state: State, names: Names, said: Translator) -> list[dict[str, Any]]:
    """Return the date stamps of this round: who drafted, concurred and decided."""
    events = [event for event in _this_round(matter) if event.kind in STEP_EVENTS]
    drafted = {"title": said(STAMPS[StepKind.DRAFT]), "at": _this_round(matter)[0].at}
    stamps = [drafted | {"name": family_name(names(matter.drafter_id))}]
    for event in events:
        title = said(STAMPS[STEP_EVENTS[event.kind]])
        stamps.append({"title": title, "at": event.at, "name": family_name(names(event.actor_id))})
    return stamps


def list_conditions(
    matter: Matter, state: State, names: Names, owners: Sequence[str], now: datetime
) -> list[ConditionView]:
    """Return the conditions of a decided matter; ``owners`` are the persons the reader signs for."""
    fulfilled = {event.condition: event for event in matter.events if event.kind is EventKind.FULFILLED}
    return [
        ConditionView(
            condition=item,
            owner=names(item.owner_id),
            is_fulfilled=item.id in state.fulfilled,
            is_overdue=item.id not in state.fulfilled and item.due < tokyo_day(now),
            evidence=fulfilled[item.id].reason if item.id in fulfilled else "",
            may_fulfil=item.id not in state.fulfilled and item.owner_id in owners,
        )
        for item in state.conditions
    ]


def due_note(matter: Matter, state: State, now: datetime) -> tuple[date, bool] | None:
    """Return until when an approval after the fact is due and whether it is late; None for other matters."""
    if matter.approve_by is None:
        return None
    return matter.approve_by, is_late(state, matter.approve_by, now)


def role_names(roles: frozenset[Role], said: Translator) -> str:
    """Return role names in a fixed order."""
    order = list(Role)
    return said(", ").join(said(ROLE_NAMES[role]) for role in sorted(roles, key=order.index))


def family_name(name: str) -> str:
    """Return what a stamp shows: the part before the first space, as much of it as fits.

    >>> family_name("真鍋 直人"), family_name("system")
    ('真鍋', 'system')
    """
    first = name.replace("　", " ").split(" ")[0]
    return first[: 9 if first.isascii() else 4]


def _without_remark(title: str) -> str:
    """Return a title without the remark in brackets that tells sizes of risk apart."""
    return title.partition("（")[0].partition(" (")[0]


def _this_round(matter: Matter) -> tuple[Event, ...]:
    starts = [index for index, event in enumerate(matter.events) if event.kind in BEGINNINGS]
    return matter.events[starts[-1] :]


def _tell_event(matter: Matter, event: Event, names: Names, said: Translator) -> dict[str, Any]:
    title, tone = EVENTS[event.kind]
    if event.kind is EventKind.DECIDED and event.conditions:
        title = DECIDED_WITH_CONDITIONS
    words = said(title) + (f" {event.number}" if event.number else "")
    told: dict[str, Any] = {"at": event.at, "title": words, "who": names.signed(event), "tone": tone}
    parts = [event.reason, _condition_text(matter, event.condition)]
    if event.step is not None and event.kind in {EventKind.CONCURRED, EventKind.CIRCULATED}:
        parts.insert(0, step_title(matter.steps[event.step], said))
    told["detail"] = "　".join(part for part in parts if part)
    if event.digest:
        told["digest"] = event.digest
    return told


def _condition_text(matter: Matter, condition_id: str) -> str:
    texts = {item.id: item.text for event in matter.events for item in event.conditions}
    return texts.get(condition_id, "")
