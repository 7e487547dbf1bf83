"""The week of the assistant in numbers: what could not be answered, what people did, what it was worth.

No text of a customer leaves this module: topics are words that approved documents or the dictionary's
groups of common words know, and only where several questions share them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from statistics import median

from sqlalchemy.engine import Connection

from akashi.conversations.figures import CaseFigures, count_cases, count_thumbs
from akashi.conversations.model import Author
from akashi.conversations.talk import read_messages
from akashi.core.errors import ConflictError, InputError
from akashi.core.moments import TOKYO, tokyo_day
from akashi.core.thread import Audience, Outcome
from akashi.domains.assistant.console_store import Sent, list_sent
from akashi.domains.assistant.library import library_of
from akashi.domains.assistant.measure.clusters import Cluster, cluster_words
from akashi.domains.assistant.measure.edits import Verdict
from akashi.domains.assistant.measure.features import Stream
from akashi.domains.assistant.weekly_store import (
    Place,
    count_by_day,
    count_callbacks,
    count_verdicts,
    list_places,
)
from akashi.language.tokens import read_tokens
from akashi.platform.site import Site

MOST_UNANSWERED = 3000
LEAST_QUESTIONS = 2
LEAST_SPEAKERS = 3
TOPICS_SHOWN = 30
LEAST_ANEW = 5
YEARS = range(2000, 2200)
ASSUMED_SECONDS = 300
"""What writing an answer without a draft is taken to last while fewer than five were written so in the
week. An assumption of ours, not a measurement; the page says so."""


@dataclass(frozen=True, slots=True)
class Week:
    """Monday to Sunday in Tokyo."""

    first: date

    @property
    def last(self) -> date:
        """Return the Sunday."""
        return self.first + timedelta(days=6)

    @property
    def days(self) -> tuple[date, ...]:
        """Return the seven days."""
        return tuple(self.first + timedelta(days=ahead) for ahead in range(7))

    @property
    def since(self) -> datetime:
        """Return the first moment."""
        return datetime.combine(self.first, time(), TOKYO)

    @property
    def until(self) -> datetime:
        """Return the first moment after it."""
        return self.since + timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Drafts:
    """What became of our drafts. Shares are 0..1 or None where nothing was sent; seconds are medians.

    ``saved_seconds`` is an estimate: for each reply that began from a draft, ``baseline_seconds`` less what
    it took, never below 0. ``is_assumed`` says that the baseline is assumed and not measured.
    """

    sent: int
    counts: Mapping[str, int]
    acceptance: float | None
    edit_share: float | None
    median_distance: float | None
    median_seconds: float | None
    baseline_seconds: float
    is_assumed: bool
    saved_seconds: float


@dataclass(frozen=True, slots=True)
class Report:
    """Everything the weekly page shows."""

    week: Week
    by_day: Mapping[tuple[date, str], int]
    outcomes: Mapping[str, int]
    cases: CaseFigures
    callbacks: int
    thumbs: Mapping[str, int]
    verdicts: Mapping[str, int]
    drafts: Drafts
    topics: tuple[Cluster, ...]
    unanswered: int

    @property
    def asked(self) -> int:
        """Return how many questions the automatic service was asked."""
        return sum(self.outcomes.values())

    @property
    def handover_rate(self) -> float | None:
        """Return the share of questions that went to a person, 0..1; None without a question."""
        return self.outcomes.get(Outcome.HAND_OVER.value, 0) / self.asked if self.asked else None

    @property
    def median_wait_seconds(self) -> float | None:
        """Return the median time until an operator took a case; None when none was taken."""
        return median(self.cases.waits) if self.cases.waits else None


def week_of(day: date) -> Week:
    """Return the week that a day belongs to.

    >>> week_of(date(2026, 11, 20)).first
    datetime.date(2026, 11, 16)
    """
    return Week(day - timedelta(days=day.weekday()))


def read_week(text: str, now: datetime) -> Week:
    """Return the week of ``2026-11-20``; this week for nothing. Raises: InputError: not a day."""
    if not text:
        return week_of(tokyo_day(now))
    try:
        day = date.fromisoformat(text)
    except ValueError as error:
        raise InputError("This is not a day.", where="week", next_step="Choose a week.") from error
    if day.year not in YEARS:
        raise InputError("This is not a day.", where="week", next_step="Choose a week.")
    return week_of(day)


def make_report(site: Site, week: Week) -> Report:
    """Return the numbers of one week."""
    since, until = week.since, week.until
    with site.database.read() as connection:
        by_day = count_by_day(connection, since, until)
        outcomes: Counter[str] = Counter()
        for (_, outcome), count in by_day.items():
            outcomes[outcome] += count
        topics, unanswered = find_topics(site, connection, week)
        return Report(
            week=week,
            by_day=by_day,
            outcomes=outcomes,
            cases=count_cases(connection, since, until),
            callbacks=count_callbacks(connection, since, until),
            thumbs=count_thumbs(connection, since, until),
            verdicts=count_verdicts(connection, since, until),
            drafts=measure_drafts(list_sent(connection, since, until)),
            topics=topics,
            unanswered=unanswered,
        )


def measure_drafts(sent: Sequence[Sent]) -> Drafts:
    """Return what became of our drafts, and an estimate of the time they saved."""
    counts = Counter(one.verdict for one in sent)
    used = [one for one in sent if one.verdict != Verdict.ANEW.value]
    anew = [one.seconds for one in sent if one.verdict == Verdict.ANEW.value]
    is_assumed = len(anew) < LEAST_ANEW
    baseline = float(ASSUMED_SECONDS if is_assumed else median(anew))
    changed = [one.distance / max(one.draft_characters, one.sent_characters, 1) for one in used]
    return Drafts(
        sent=len(sent),
        counts=counts,
        acceptance=len(used) / len(sent) if sent else None,
        edit_share=sum(changed) / len(changed) if changed else None,
        median_distance=median(one.distance for one in used) if used else None,
        median_seconds=median(one.seconds for one in used) if used else None,
        baseline_seconds=baseline,
        is_assumed=is_assumed,
        saved_seconds=sum(max(0.0, baseline - one.seconds) for one in used),
    )


def find_topics(site: Site, connection: Connection, week: Week) -> tuple[tuple[Cluster, ...], int]:
    """Return the topics of the questions that went to a person, and how many such questions there were.

    Topics of a single question are not shown: they could be somebody's own.
    """
    shelf = library_of(site).find_shelf(connection, Audience.CUSTOMERS, tokyo_day(site.now()))
    places = list_places(connection, week.since, week.until, Outcome.HAND_OVER, MOST_UNANSWERED)
    texts = _read_questions(site, connection, places)
    words = shareable_words(texts, shelf.index.vocabulary)
    clusters = [one for one in cluster_words(words) if one.count >= LEAST_QUESTIONS]
    return tuple(clusters[:TOPICS_SHOWN]), len(places)


def shareable_words(texts: Mapping[Place, str], known: Mapping[str, int]) -> list[tuple[str, ...]]:
    """Return for each question the content words that may be shown.

    A word may be shown when approved documents know it, or when it belongs to a group of common words in
    the dictionary and occurs in at least three conversations. Numbers and names never are.
    """
    tokens = {
        place: [one for one in read_tokens(text) if one.content and not any(map(str.isdigit, one.form))]
        for place, text in texts.items()
    }
    speakers: dict[str, set[str]] = {}
    for place, found in tokens.items():
        for token in found:
            if token.synonyms:
                speakers.setdefault(token.form, set()).add(place.conversation_id)
    common = {form for form, ids in speakers.items() if len(ids) >= LEAST_SPEAKERS}
    return [
        tuple(
            dict.fromkeys(one.form for one in found if Stream.WORD + one.form in known or one.form in common)
        )
        for found in tokens.values()
    ]


def _read_questions(site: Site, connection: Connection, places: Sequence[Place]) -> dict[Place, str]:
    """Return the customer's words before each answer; erased conversations are gone from it."""
    wanted: dict[str, list[Place]] = {}
    for place in places:
        wanted.setdefault(place.conversation_id, []).append(place)
    return {
        place: text
        for conversation_id, inside in wanted.items()
        for place, text in questions_before(site, connection, conversation_id, inside).items()
    }


def questions_before(
    site: Site, connection: Connection, conversation_id: str, places: Sequence[Place]
) -> dict[Place, str]:
    """Return the customer's last words before each of these answers; nothing once erased."""
    try:
        messages = read_messages(connection, site.keys, conversation_id)
    except ConflictError:
        return {}
    asked = [one for one in messages if one.author is Author.CUSTOMER]
    before = {place: [one.text for one in asked if one.sequence < place.message] for place in places}
    return {place: texts[-1] for place, texts in before.items() if texts}
