"""Questions made by rule, from what was really found here and the requirements behind it. Pure functions.

The wrong choices are true of something else of the same sort (the words of a neighbouring requirement, the
state of another finding), so that only whoever knows this very case, or reads its evidence, sees it.
"""

from __future__ import annotations

import csv
import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from akashi.catalogue.model import Catalogue, Entry
from akashi.domains.governance.training.model import Lesson, Question, Quiz
from akashi.domains.governance.training.words import (
    ACCEPTED,
    ASK_DOCUMENT,
    ASK_END,
    ASK_EVIDENCE,
    ASK_REQUIREMENT,
    ASK_RUN,
    ASK_SEVERITY,
    ASK_STATE,
    ENDS,
    RUN_SAYS,
    SEVERITIES,
    STATES,
    WHY_DOCUMENT,
    WHY_END,
    WHY_EVIDENCE,
    WHY_REQUIREMENT,
    WHY_RUN,
    WHY_SEVERITY,
    WHY_STATE,
)
from akashi.platform.rooms import package_folder

MOST = 6
FROM_FINDINGS = 4
CHOICES = 4
Say = Callable[..., str]


@dataclass(frozen=True, slots=True)
class Course:
    """What one role learns: findings of these rooms, requirements whose ids begin so."""

    role: str
    rooms: tuple[str, ...]
    requirements: tuple[str, ...]
    reason: str
    reason_ja: str

    def holds(self, requirement: str) -> bool:
        """Return whether a requirement belongs to the course."""
        return requirement.startswith(self.requirements)


@cache
def list_courses() -> tuple[Course, ...]:
    """Return the courses, one for each role that has one."""
    path = package_folder("akashi.domains.governance") / "data" / "training.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return tuple(
            Course(
                row["role"],
                tuple(row["rooms"].split()),
                tuple(row["requirements"].split()),
                row["reason"],
                row["reason_ja"],
            )
            for row in csv.DictReader(file)
        )


@dataclass(frozen=True, slots=True)
class Material:
    """Everything a quiz is made from: findings, the catalogue, and who speaks."""

    lessons: Sequence[Lesson]
    catalogue: Catalogue
    say: Say
    language: str


def make_quiz(course: Course, material: Material, seed: str) -> Quiz:
    """Return a quiz of at most six questions: up to four from findings, the others from requirements.

    The same seed gives the same quiz; each further try has another. No two questions are about the same
    thing, and the kinds take turns.
    """
    chance = random.Random(seed)  # noqa: S311  # which questions, not who knows what
    chosen = [one for one in material.lessons if one.room in course.rooms]
    chance.shuffle(chosen)
    questions: list[Question] = []
    for place, lesson in enumerate(chosen):
        if len(questions) == FROM_FINDINGS:
            break
        made = [one for one in _ask_about(lesson, chosen, material, chance) if one is not None]
        if made:
            questions.append(made[place % len(made)])
    entries = [one for one in material.catalogue.entries if course.holds(one.id)]
    chance.shuffle(entries)
    used = {one.about for one in questions}
    for place, entry in enumerate(entries):
        if len(questions) == MOST:
            break
        ask = (_ask_evidence, _ask_document)[place % 2]
        question = ask(entry, entries, material, chance)
        if question is not None and entry.id not in used:
            questions.append(question)
    return Quiz(course.role, material.language, tuple(questions))


def _ask_about(
    lesson: Lesson, others: Sequence[Lesson], material: Material, chance: random.Random
) -> Iterator[Question | None]:
    """Yield what can be asked about one finding, in the order in which kinds take turns."""
    entry = material.catalogue.by_id.get(lesson.requirement_id)
    if entry is not None:
        yield _ask_requirement(lesson, entry, others, material, chance)
    yield _ask_state(lesson, material, chance)
    if lesson.room == "evaluation" and lesson.state in ("open", "reopened"):
        yield _ask_run(lesson, material, chance)
    if lesson.ends_on is not None and lesson.state == "accepted":
        yield _ask_end(lesson, material, chance)
    yield _ask_severity(lesson, material, chance)


def _ask_requirement(
    lesson: Lesson, entry: Entry, others: Sequence[Lesson], material: Material, chance: random.Random
) -> Question | None:
    """Ask which requirement a finding touches; the wrong ones stand in the same document."""
    touched = {one.requirement_id for one in others if one.title == lesson.title}
    near = [one for one in material.catalogue.entries if one.source.id == entry.source.id]
    wrong = _others(entry, [one for one in near if one.id not in touched], material, chance)
    text = material.say(ASK_REQUIREMENT, title=lesson.title)
    why = material.say(WHY_REQUIREMENT, source=entry.source.title(material.language), clause=entry.clause)
    return _make(
        "requirement", lesson.id, text, entry.words(material.language), wrong, why, chance,
        (*_finding(lesson), *_requirement(entry)),
    )  # fmt: skip


def _ask_state(lesson: Lesson, material: Material, chance: random.Random) -> Question | None:
    """Ask how a finding is answered now."""
    right = STATES[lesson.state]
    wrong = [material.say(one) for one in dict.fromkeys(STATES.values()) if one != right]
    chance.shuffle(wrong)
    text, why = material.say(ASK_STATE, title=lesson.title), material.say(WHY_STATE)
    return _make("state", lesson.id, text, material.say(right), wrong, why, chance, _finding(lesson))


def _ask_severity(lesson: Lesson, material: Material, chance: random.Random) -> Question | None:
    """Ask how severe a finding is; the choices stay in their order."""
    words = [material.say(one) for one in SEVERITIES.values()]
    right = list(SEVERITIES).index(lesson.severity)
    text = material.say(ASK_SEVERITY, title=lesson.title)
    why = material.say(WHY_SEVERITY)
    return Question("severity", lesson.id, text, tuple(words), right, why, _finding(lesson))


def _ask_run(lesson: Lesson, material: Material, chance: random.Random) -> Question | None:
    """Ask what an evaluation that is above its tolerance lets one say."""
    right, *wrong = (material.say(one) for one in RUN_SAYS)
    text, why = material.say(ASK_RUN, title=lesson.title), material.say(WHY_RUN)
    return _make("run", lesson.id, text, right, wrong, why, chance, _finding(lesson))


def _ask_end(lesson: Lesson, material: Material, chance: random.Random) -> Question | None:
    """Ask what happens when an acceptance runs out."""
    right, *wrong = (material.say(one) for one in ENDS)
    day = lesson.ends_on.isoformat() if lesson.ends_on else ""
    text = material.say(ASK_END, title=lesson.title, day=day)
    return _make(
        "end", lesson.id, text, right, wrong, material.say(WHY_END, state=material.say(ACCEPTED)), chance,
        _finding(lesson),
    )  # fmt: skip


def _ask_evidence(
    entry: Entry, entries: Sequence[Entry], material: Material, chance: random.Random
) -> Question | None:
    """Ask by what a requirement is shown to be met; the wrong choices show others of the course."""
    wrong = [one.wanted(material.language) for one in entries if one.id != entry.id]
    text = material.say(ASK_EVIDENCE, words=entry.words(material.language))
    why = material.say(WHY_EVIDENCE, source=entry.source.title(material.language), clause=entry.clause)
    right = entry.wanted(material.language)
    return _make("evidence", entry.id, text, right, wrong, why, chance, _requirement(entry))


def _ask_document(
    entry: Entry, entries: Sequence[Entry], material: Material, chance: random.Random
) -> Question | None:
    """Ask which document wants something."""
    titles = [one.title(material.language) for one in material.catalogue.sources]
    right = entry.source.title(material.language)
    wrong = [one for one in titles if one != right]
    chance.shuffle(wrong)
    text = material.say(ASK_DOCUMENT, words=entry.words(material.language))
    why = material.say(WHY_DOCUMENT, source=right, clause=entry.clause)
    return _make("document", entry.id, text, right, wrong, why, chance, _requirement(entry))


def _others(entry: Entry, near: Sequence[Entry], material: Material, chance: random.Random) -> list[str]:
    """Return the words of other requirements, first of the same document, then of any."""
    first = [one.words(material.language) for one in near if one.id != entry.id]
    then = [one.words(material.language) for one in material.catalogue.entries if one.source != entry.source]
    chance.shuffle(first)
    chance.shuffle(then)
    return first + then


def _make(
    kind: str,
    about: str,
    text: str,
    right: str,
    wrong: Sequence[str],
    why: str,
    chance: random.Random,
    links: tuple[tuple[str, str], ...],
) -> Question | None:
    """Return the question with its choices mixed; None where there are too few that differ."""
    different = [one for one in dict.fromkeys(wrong) if one and one != right][: CHOICES - 1]
    if len(different) < 2 or not right:
        return None
    choices = [right, *different]
    chance.shuffle(choices)
    return Question(kind, about, text, tuple(choices), choices.index(right), why, links)


def _finding(lesson: Lesson) -> tuple[tuple[str, str], ...]:
    return ((lesson.title, f"/findings/{lesson.id}"),)


def _requirement(entry: Entry) -> tuple[tuple[str, str], ...]:
    return ((entry.clause, f"/catalogue/{entry.id}"),)


def count_right(quiz: Quiz, answers: Sequence[int]) -> int:
    """Return how many answers are right, in the order of the questions."""
    return sum(one.right == said for one, said in zip(quiz.questions, answers, strict=True))


def course_of(role: str) -> Course | None:
    """Return the course of a role, or None."""
    known: Mapping[str, Course] = {one.role: one for one in list_courses()}
    return known.get(role)
