"""What the ledger takes, and the bytes it makes of it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from akashi.ledger.model import GENESIS, JsonValue, Record, RecordError, make_entry, write_moment
from akashi.platform.canonical import canonical_json

AT = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)
ID = st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), min_size=1, max_size=40)
PAYLOAD = st.dictionaries(
    st.text(),
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text() | st.lists(st.text()),
)


def test_first_entry_has_the_digest_worked_out_by_hand() -> None:
    entry = make_entry(Record("loans.decided", "m1", "p1", AT, {"b": 1, "a": "証"}), 1, GENESIS)
    text = (
        '{"actor":"p1","at":"2026-11-20T01:00:00.000000Z","kind":"loans.decided",'
        '"payload":{"a":"証","b":1},"previous":"' + "0" * 64 + '","sequence":1,"subject":"m1"}'
    )
    assert entry.digest == hashlib.sha256(text.encode()).hexdigest()


@given(ID, ID, PAYLOAD, st.integers(1, 2**53 - 1))
def test_hashed_bytes_are_the_canonical_json_of_the_fields(
    subject: str, actor: str, payload: Mapping[str, JsonValue], sequence: int
) -> None:
    entry = make_entry(Record("test.kept", subject, actor, AT, payload), sequence, "ab" * 32)
    fields: dict[str, JsonValue] = {
        "sequence": sequence,
        "previous": "ab" * 32,
        "kind": "test.kept",
        "subject": subject,
        "actor": actor,
        "at": write_moment(AT),
        "payload": payload,
    }
    assert entry.canonical() == canonical_json(fields)
    assert entry.values == payload
    assert entry.fits()


def test_moments_are_written_in_utc_with_one_length() -> None:
    tokyo = datetime(2026, 4, 1, 9, 0, tzinfo=timezone(timedelta(hours=9)))
    assert write_moment(tokyo) == "2026-04-01T00:00:00.000000Z"


@pytest.mark.parametrize(
    ("record", "said"),
    [
        (Record("decided", "s", "p", AT), "kind"),
        (Record("Loans.decided", "s", "p", AT), "kind"),
        (Record("loans.decided", "", "p", AT), "subject"),
        (Record("loans.decided", "s", "", AT), "actor"),
        (Record("loans.decided", "s\x00", "p", AT), "subject"),
        (Record("loans.decided", "s" * 501, "p", AT), "subject"),
        (Record("loans.decided", "s", "\ud800", AT), "lone surrogate"),
        (Record("loans.decided", "s", "p", datetime(2026, 1, 1)), "time zone"),  # noqa: DTZ001
        (Record("loans.decided", "s", "p", AT, {"rate": 0.1}), r"\$\.rate: floats"),  # type: ignore[dict-item]
        (Record("loans.decided", "s", "p", AT, {"n": 2**53}), r"\$\.n: .* beyond"),
        (Record("loans.decided", "s", "p", AT, {"t": "\udc00"}), r"\$\.t: .* surrogate"),
        (Record("loans.decided", "s", "p", AT, {"t": "x" * 70_000}), "bytes"),
    ],
)
def test_what_cannot_be_kept_is_refused_by_name(record: Record, said: str) -> None:
    with pytest.raises(RecordError, match=said):
        make_entry(record, 1, GENESIS)
