"""The words of the thread refuse to say what cannot be true."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from akashi.core.spans import Interval
from akashi.core.thread import Answer, Citation, Evidence, Excerpt, Outcome, Severity, digest_of

DIGEST = digest_of("口座を開くには".encode())
CITATION = Citation("doc_1", DIGEST, Interval(0, 2), "口座")
EXCERPT = Excerpt("口座", CITATION)


def test_answer_without_excerpt_is_no_answer() -> None:
    with pytest.raises(ValueError, match="0 excerpts"):
        Answer(Outcome.ANSWERED)


def test_answer_with_four_excerpts_is_too_long() -> None:
    with pytest.raises(ValueError, match="4 excerpts"):
        Answer(Outcome.ANSWERED, (EXCERPT,) * 4)


@pytest.mark.parametrize("outcome", [Outcome.CLARIFY, Outcome.HAND_OVER, Outcome.REFUSED])
def test_only_an_answer_shows_excerpts(outcome: Outcome) -> None:
    assert Answer(outcome).excerpts == ()
    with pytest.raises(ValueError, match="cannot show"):
        Answer(outcome, (EXCERPT,))


def test_extractive_answer_may_not_paraphrase() -> None:
    with pytest.raises(ValueError, match="verbatim"):
        Answer(Outcome.ANSWERED, (Excerpt("預金口座", CITATION),))


@pytest.mark.parametrize("confidence", [-0.01, 1.01, float("nan")])
def test_confidence_is_a_rate(confidence: float) -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        Answer(Outcome.REFUSED, confidence=confidence)


def test_quote_must_fill_its_interval() -> None:
    with pytest.raises(ValueError, match="as long as"):
        Citation("doc_1", DIGEST, Interval(0, 3), "口座")


def test_evidence_needs_a_digest_and_a_time_zone() -> None:
    with pytest.raises(ValueError, match="digest"):
        Evidence("e", "ABC", datetime(2026, 1, 1, tzinfo=UTC))
    with pytest.raises(ValueError, match="time zone"):
        Evidence("e", DIGEST, datetime(2026, 1, 1))  # noqa: DTZ001  # the naive moment is the point


def test_worst_severity_ranks_first() -> None:
    assert [one.value for one in sorted(Severity, key=lambda one: one.rank)] == [
        "critical",
        "high",
        "medium",
        "low",
    ]
