"""A quiz and what became of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from akashi.core.thread import digest_of
from akashi.platform.canonical import canonical_json

PASS_SHARE = 0.8
"""The share of right answers that passes. Ours."""


@dataclass(frozen=True, slots=True)
class Lesson:
    """One finding as a quiz sees it; ``state`` and ``severity`` are words of the room of findings."""

    id: str
    title: str
    room: str
    requirement_id: str
    severity: str
    state: str
    opened_at: datetime
    ends_on: date | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """One question, already in the reader's language. ``right`` is the place of the right choice.

    ``about`` is what it was made from (a finding's or requirement's id); ``links`` lead to the evidence.
    """

    kind: str
    about: str
    text: str
    choices: tuple[str, ...]
    right: int
    why: str
    links: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Quiz:
    """The questions that one person gets once."""

    role: str
    language: str
    questions: tuple[Question, ...]

    @property
    def digest(self) -> str:
        """Return the digest of every word of it."""
        return digest_of(canonical_json(write_quiz(self)))

    @property
    def needed(self) -> int:
        """Return how many right answers pass."""
        return -int(-len(self.questions) * PASS_SHARE // 1)


def write_quiz(quiz: Quiz) -> dict[str, Any]:
    """Return a quiz as JSON values."""
    questions = [
        {
            "kind": one.kind,
            "about": one.about,
            "text": one.text,
            "choices": list(one.choices),
            "right": one.right,
            "why": one.why,
            "links": [list(link) for link in one.links],
        }
        for one in quiz.questions
    ]
    return {"role": quiz.role, "language": quiz.language, "questions": questions}


def read_quiz(values: Mapping[str, Any]) -> Quiz:
    """Return the quiz behind its JSON values."""
    questions = tuple(
        Question(
            one["kind"],
            one["about"],
            one["text"],
            tuple(one["choices"]),
            one["right"],
            one["why"],
            tuple((title, path) for title, path in one["links"]),
        )
        for one in values["questions"]
    )
    return Quiz(values["role"], values["language"], questions)


@dataclass(frozen=True, slots=True)
class Attempt:
    """One person's one try. ``answers`` is empty and ``ended_at`` None until it is handed in."""

    id: str
    person: str
    role: str
    number: int
    quiz: Quiz
    started_at: datetime
    answers: tuple[int, ...] = ()
    right: int = 0
    passed: bool = False
    ended_at: datetime | None = None


class DueKind(StrEnum):
    """Why somebody is to take a quiz, or that he need not."""

    NEVER = "never"
    FAILED = "failed"
    OLD = "old"
    NEWS = "news"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Due:
    """Where one person stands with the quiz of one role; ``due_on`` is the last day to take it."""

    person: str
    role: str
    kind: DueKind
    due_on: date
    last: Attempt | None = None
    news: tuple[str, ...] = field(default=())

    def is_late(self, today: date) -> bool:
        """Return whether the day has passed."""
        return self.kind is not DueKind.DONE and self.due_on < today
