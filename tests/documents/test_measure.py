"""Which wording counts on which day."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from akashi.core.thread import Audience
from akashi.documents.measure import choose_version, decision_digest
from akashi.documents.model import Document, Version, VersionState

NOON = datetime(2026, 4, 1, 3, tzinfo=UTC)
FIRST = Version(
    id="v1",
    document_id="d",
    number=1,
    state=VersionState.APPROVED,
    file_name="a.md",
    media_type="text/markdown",
    source_digest="0" * 64,
    text_digest="0" * 64,
    characters=1,
    effective_from=date(2026, 4, 1),
    effective_to=None,
    created_at=NOON,
    created_by="p",
    approved_at=NOON,
)
SECOND = replace(FIRST, id="v2", number=2, effective_from=date(2027, 4, 1))


def chosen(day: date, *versions: Version) -> str:
    version = choose_version(versions, day)
    return version.id if version else ""


def test_later_version_replaces_from_its_first_day() -> None:
    assert chosen(date(2027, 3, 31), FIRST, SECOND) == "v1"
    assert chosen(date(2027, 4, 1), FIRST, SECOND) == "v2"


def test_nothing_counts_before_the_first_day() -> None:
    assert chosen(date(2026, 3, 31), FIRST) == ""


def test_last_day_is_included() -> None:
    ending = replace(FIRST, effective_to=date(2026, 12, 31))
    assert chosen(date(2026, 12, 31), ending) == "v1"
    assert chosen(date(2027, 1, 1), ending) == ""


def test_ended_version_does_not_bring_back_an_older_one() -> None:
    ending = replace(SECOND, effective_to=date(2027, 4, 30))
    assert chosen(date(2027, 5, 1), FIRST, ending) == ""


def test_version_withdrawn_in_effect_does_not_bring_back_an_older_one() -> None:
    at = datetime(2027, 4, 10, tzinfo=UTC)
    taken_back = replace(SECOND, state=VersionState.WITHDRAWN, withdrawn_at=at)
    assert chosen(date(2027, 4, 11), FIRST, taken_back) == ""


def test_version_withdrawn_before_its_first_day_never_replaced_anything() -> None:
    at = datetime(2027, 3, 1, tzinfo=UTC)
    taken_back = replace(SECOND, state=VersionState.WITHDRAWN, withdrawn_at=at)
    assert chosen(date(2027, 4, 11), FIRST, taken_back) == "v1"


def test_draft_never_counts() -> None:
    draft = replace(SECOND, state=VersionState.DRAFT, approved_at=None)
    assert chosen(date(2027, 5, 1), FIRST, draft) == "v1"


days = st.dates(date(2026, 1, 1), date(2028, 12, 31))
versions = st.builds(
    lambda number, start, length, state, gap: replace(
        FIRST,
        id=f"v{number}",
        number=number,
        effective_from=start,
        effective_to=start + timedelta(days=length) if length else None,
        state=state,
        approved_at=None if state is VersionState.DRAFT else NOON,
        withdrawn_at=NOON + timedelta(days=gap) if state is VersionState.WITHDRAWN else None,
    ),
    st.integers(1, 9),
    days,
    st.sampled_from([0, 10, 100]),
    st.sampled_from([VersionState.APPROVED, VersionState.DRAFT, VersionState.WITHDRAWN]),
    st.integers(0, 900),
)


@given(st.lists(versions, max_size=5, unique_by=lambda one: one.number), days)
def test_whatever_counts_is_approved_and_in_effect(history: list[Version], day: date) -> None:
    version = choose_version(history, day)
    if version is not None:
        assert version.state is VersionState.APPROVED
        assert version.effective_from <= day
        assert version.effective_to is None or day <= version.effective_to


@given(st.lists(versions, max_size=5, unique_by=lambda one: one.number), days, st.randoms())
def test_order_of_the_history_does_not_matter(history: list[Version], day: date, random: object) -> None:
    shuffled = list(history)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert choose_version(history, day) == choose_version(shuffled, day)


def test_decision_digest_binds_wording_audience_and_dates() -> None:
    document = Document("d", "k", "t", "", Audience.CUSTOMERS, "", NOON)
    digests = {
        decision_digest(document, FIRST),
        decision_digest(document, replace(FIRST, text_digest="1" * 64)),
        decision_digest(document, replace(FIRST, effective_to=date(2027, 1, 1))),
        decision_digest(document, replace(FIRST, effective_from=date(2026, 4, 2))),
        decision_digest(replace(document, audience=Audience.STAFF), FIRST),
    }
    assert len(digests) == 5
