"""A person begins a quiz, hands it in once, and may try again with other questions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from sqlalchemy.engine import Connection

from akashi.catalogue.treat import whole_catalogue
from akashi.core.errors import ConflictError, ForbiddenError, InputError
from akashi.core.moments import tokyo_day
from akashi.core.people import Actor, ActorKind, Role
from akashi.domains.governance.training import store
from akashi.domains.governance.training.model import Attempt, Due, DueKind, Lesson
from akashi.domains.governance.training.questions import (
    Course,
    Material,
    Say,
    count_right,
    course_of,
    list_courses,
    make_quiz,
)
from akashi.identity.model import roles_at
from akashi.identity.store import grants_by_person, list_people
from akashi.ledger.model import JsonValue, Record
from akashi.ledger.order import hold_ledger
from akashi.ledger.store import append
from akashi.platform.ids import new_id
from akashi.platform.site import Site

VALID_DAYS = 365
GRACE_DAYS = 30
"""A pass holds a year; after news, and from the day a role was granted, there are thirty days. Ours."""
SEVERE = frozenset({"critical", "high"})


def begin_quiz(site: Site, actor: Actor, role: str, say: Say, language: str) -> Attempt:
    """Return a new try at the quiz of a role that the actor holds; its questions are fixed from now on.

    Raises: ForbiddenError: the role is not his, or has no quiz; ConflictError: nothing can be asked.
    """
    course = course_of(role)
    if course is None or actor.kind is not ActorKind.PERSON or not actor.has(Role(role)):
        raise ForbiddenError("This quiz is for another role.")
    now = site.now()
    with site.database.write() as connection:
        hold_ledger(connection)
        number = store.count_attempts(connection, actor.id, role) + 1
        material = Material(store.list_lessons(connection, now), whole_catalogue(connection), say, language)
        quiz = make_quiz(course, material, f"{actor.id}/{role}/{number}")
        if not quiz.questions:
            raise ConflictError("There is nothing to ask about yet.")
        attempt = Attempt(new_id("quiz"), actor.id, role, number, quiz, now)
        store.insert_attempt(connection, attempt)
        return attempt


def hand_in(site: Site, actor: Actor, attempt_id: str, answers: Sequence[int | None]) -> Attempt:
    """Return the try with its result, which is in the ledger from now on.

    Raises: ForbiddenError: it is somebody else's; ConflictError: it was handed in; InputError: an answer
    is missing or is no choice.
    """
    now = site.now()
    with site.database.write() as connection:
        hold_ledger(connection)
        attempt = store.load_attempt(connection, attempt_id)
        if attempt.person != actor.id:
            raise ForbiddenError("This quiz is somebody else's.")
        if attempt.ended_at is not None:
            raise ConflictError("This quiz was handed in already.", next_step="Take it again.")
        given = [one for one in answers if one is not None]
        quiz = attempt.quiz
        if len(given) != len(quiz.questions) or any(
            not 0 <= one < len(question.choices) for one, question in zip(given, quiz.questions, strict=True)
        ):
            raise InputError("Answer every question.", where="answers")
        right = count_right(quiz, given)
        ended = replace(attempt, answers=tuple(given), right=right, passed=right >= quiz.needed, ended_at=now)
        store.end_attempt(connection, ended)
        payload: dict[str, JsonValue] = {
            "role": attempt.role,
            "quiz": quiz.digest,
            "right": right,
            "asked": len(quiz.questions),
            "passed": ended.passed,
        }
        append(connection, Record("governance.training", attempt.id, actor.id, now, payload))
        return ended


def list_due(connection: Connection, now: datetime) -> list[Due]:
    """Return where every active person stands with the quiz of each of his roles, most urgent first."""
    lessons = store.list_lessons(connection, now)
    tries: dict[tuple[str, str], list[Attempt]] = {}
    for attempt in store.list_ended(connection):
        tries.setdefault((attempt.person, attempt.role), []).append(attempt)
    grants = grants_by_person(connection)
    found = []
    for person in list_people(connection):
        roles = roles_at(grants.get(person.id, ()), now) if person.is_active else ()
        since = {grant.role: tokyo_day(grant.granted_at) for grant in grants.get(person.id, ())}
        for course in list_courses():
            role = Role(course.role)
            if role in roles:
                taken = tries.get((person.id, course.role), [])
                begun = since.get(role, tokyo_day(now))
                found.append(decide_due(person.id, course, taken, lessons, begun, tokyo_day(now)))
    return sorted(found, key=lambda one: (one.kind is DueKind.DONE, one.due_on, one.person, one.role))


def decide_due(
    person: str,
    course: Course,
    taken: Sequence[Attempt],
    lessons: Iterable[Lesson],
    begun: date,
    today: date,
) -> Due:
    """Return where one person stands. ``taken``: his tries, newest first; ``begun``: since when he has it."""
    passed = next((one for one in taken if one.passed and one.ended_at), None)
    if passed is None or passed.ended_at is None:
        kind = DueKind.FAILED if taken else DueKind.NEVER
        return Due(person, course.role, kind, begun + timedelta(days=GRACE_DAYS), taken[0] if taken else None)
    at = passed.ended_at
    until = tokyo_day(at) + timedelta(days=VALID_DAYS)
    news = [
        one for one in lessons if one.room in course.rooms and one.severity in SEVERE and one.opened_at > at
    ]
    if until < today:
        return Due(person, course.role, DueKind.OLD, until, passed)
    if news:
        first = min(tokyo_day(one.opened_at) for one in news)
        due_on = min(until, first + timedelta(days=GRACE_DAYS))
        return Due(person, course.role, DueKind.NEWS, due_on, passed, tuple(one.id for one in news[:5]))
    return Due(person, course.role, DueKind.DONE, until, passed)


def count_due(found: Sequence[Due], today: date) -> Mapping[str, int]:
    """Return how many have passed, are due, and are late."""
    done = sum(one.kind is DueKind.DONE for one in found)
    late = sum(one.is_late(today) for one in found)
    return {"done": done, "due": len(found) - done, "late": late, "all": len(found)}
