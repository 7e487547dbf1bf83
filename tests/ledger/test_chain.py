"""Any single change to the chain is noticed and located at the right entry."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from akashi.ledger.chain import FaultKind, Row, Walk, walk_chain
from akashi.ledger.checkpoints import Checkpoint, sign_checkpoint
from akashi.ledger.model import make_entry
from tests.ledger.chains import look_for, make_record, make_rows

KEY = Ed25519PrivateKey.from_private_bytes(bytes(32))
PUBLIC = KEY.public_key().public_bytes_raw().hex()
CHAIN = make_rows(12)
PLACE = st.integers(1, 12)
TEXTS = st.sampled_from(["digest", "previous", "kind", "subject", "actor", "at", "payload"])


def sign(row: Row, key: Ed25519PrivateKey = KEY) -> Checkpoint:
    """Return a checkpoint over the chain that ends with ``row``."""
    return sign_checkpoint(key, row.sequence, row.digest, datetime(2026, 4, 2, tzinfo=UTC), "inst_1")


def walk(rows: Sequence[Row], *checkpoints: Checkpoint) -> Walk:
    """Walk rows in the order in which a table returns them."""
    ordered = sorted(rows, key=lambda row: row.sequence)
    return walk_chain(ordered, checkpoints, PUBLIC, look_for(ordered))


def alter(row: Row, name: str, text: str) -> Row:
    """Return ``row`` with another value in one of its columns."""
    return Row._make(text if field == name else value for field, value in row._asdict().items())


def located(found: Walk) -> tuple[FaultKind, int, int]:
    """Return what was found and where."""
    assert found.fault is not None
    return found.fault.kind, found.fault.sequence, found.fault.other


def rebuilt(start: int) -> list[Row]:
    """Return the chain with everything from ``start`` on rewritten consistently."""
    rows = CHAIN[: start - 1]
    for number in range(start, len(CHAIN) + 1):
        record = replace(make_record(number), actor="forger")
        entry = make_entry(record, number, rows[-1].digest if rows else "0" * 64)
        rows = [*rows, Row(*(getattr(entry, name) for name in Row._fields))]
    return rows


def test_unchanged_chain_has_no_fault() -> None:
    found = walk(CHAIN, sign(CHAIN[4]), sign(CHAIN[11]))
    assert (found.fault, found.entries, found.checkpoints) == (None, 12, 2)


def test_empty_chain_has_no_fault() -> None:
    assert walk([]).fault is None


@given(PLACE, TEXTS, st.data())
def test_any_changed_character_is_located(place: int, name: str, data: st.DataObject) -> None:
    row = CHAIN[place - 1]
    text: str = getattr(row, name)
    at = data.draw(st.integers(0, len(text) - 1))
    letter = data.draw(st.characters().filter(lambda letter: letter != text[at]))
    changed = alter(row, name, text[:at] + letter + text[at + 1 :])
    found = walk([*CHAIN[: place - 1], changed, *CHAIN[place:]])
    assert located(found) == (FaultKind.CHANGED, place, place)


@given(PLACE, TEXTS, st.text())
def test_any_replaced_field_is_located(place: int, name: str, text: str) -> None:
    changed = alter(CHAIN[place - 1], name, text)
    found = walk([*CHAIN[: place - 1], changed, *CHAIN[place:]])
    is_same = text == getattr(CHAIN[place - 1], name)
    assert found.fault is None if is_same else located(found) == (FaultKind.CHANGED, place, place)


@given(st.integers(1, 11))
def test_missing_entry_is_located(place: int) -> None:
    found = walk([*CHAIN[: place - 1], *CHAIN[place:]])
    assert located(found) == (FaultKind.MISSING, place, place)


@given(st.integers(2, 11))
def test_missing_entry_is_located_when_later_ones_moved_up(place: int) -> None:
    moved = [row._replace(sequence=row.sequence - 1) for row in CHAIN[place:]]
    found = walk([*CHAIN[: place - 1], *moved])
    assert located(found) == (FaultKind.MISSING, place, place)


@given(st.integers(1, 11), st.data())
def test_missing_range_is_located(first: int, data: st.DataObject) -> None:
    last = data.draw(st.integers(first, 11))
    found = walk([*CHAIN[: first - 1], *CHAIN[last:]])
    assert located(found) == (FaultKind.MISSING, first, last)


@given(st.lists(PLACE, min_size=2, max_size=2, unique=True))
def test_exchanged_entries_are_located(places: list[int]) -> None:
    low, high = sorted(places)
    rows = list(CHAIN)
    rows[low - 1], rows[high - 1] = (
        CHAIN[high - 1]._replace(sequence=low),
        CHAIN[low - 1]._replace(sequence=high),
    )
    assert located(walk(rows)) == (FaultKind.REORDERED, low, high)


@given(PLACE, st.integers(-50, 50).filter(lambda number: not 1 <= number <= 12))
def test_entry_with_another_number_is_located(place: int, number: int) -> None:
    rows = [row._replace(sequence=number) if row.sequence == place else row for row in CHAIN]
    assert located(walk(rows)) == (FaultKind.REORDERED, place, number)


@given(st.integers(1, 11))
def test_inserted_entry_is_located(place: int) -> None:
    entry = make_entry(replace(make_record(99), actor="forger"), place + 1, CHAIN[place - 1].digest)
    foreign = Row(*(getattr(entry, name) for name in Row._fields))
    moved = [row._replace(sequence=row.sequence + 1) for row in CHAIN[place:]]
    found = walk([*CHAIN[:place], foreign, *moved])
    assert located(found) == (FaultKind.INSERTED, place + 1, place + 1)


@given(st.integers(1, 11))
def test_entry_rewritten_with_a_fitting_digest_is_located(place: int) -> None:
    rows = [*CHAIN[: place - 1], rebuilt(place)[place - 1], *CHAIN[place:]]
    assert located(walk(rows)) == (FaultKind.CHANGED, place, place)


@given(PLACE, st.integers(1, 12))
def test_rewritten_rest_is_found_by_the_next_checkpoint(place: int, signed: int) -> None:
    found = walk(rebuilt(place), sign(CHAIN[signed - 1]))
    if place > signed:
        assert found.fault is None
    else:
        assert located(found) == (FaultKind.REWRITTEN, 1, signed)


def test_rewritten_rest_is_narrowed_down_by_the_checkpoint_before() -> None:
    found = walk(rebuilt(7), sign(CHAIN[3]), sign(CHAIN[9]))
    assert located(found) == (FaultKind.REWRITTEN, 5, 10)


@given(st.integers(1, 11))
def test_cut_end_is_found_by_the_last_checkpoint(kept: int) -> None:
    found = walk(CHAIN[:kept], sign(CHAIN[11]))
    assert located(found) == (FaultKind.TRUNCATED, kept + 1, 12)
    assert walk(CHAIN[:kept]).fault is None  # without a checkpoint nobody can know


@given(PLACE, st.sampled_from(["digest", "at", "installation", "signature"]))
def test_changed_checkpoint_is_forged(place: int, name: str) -> None:
    good = sign(CHAIN[place - 1])
    text: str = getattr(good, name)
    forged = replace(good, **{name: ("1" if text[0] != "1" else "2") + text[1:]})  # type: ignore[arg-type]
    assert located(walk(CHAIN, forged)) == (FaultKind.FORGED, place, place)


def test_checkpoint_of_another_key_is_forged() -> None:
    other = Ed25519PrivateKey.from_private_bytes(bytes([1]) * 32)
    assert located(walk(CHAIN, sign(CHAIN[4], other))) == (FaultKind.FORGED, 5, 5)


def test_checkpoint_moved_to_another_entry_is_forged() -> None:
    moved = replace(sign(CHAIN[4]), sequence=6, digest=CHAIN[5].digest)
    assert located(walk(CHAIN, moved)) == (FaultKind.FORGED, 6, 6)


def test_payload_cannot_borrow_bytes_of_the_columns_beside_it() -> None:
    first, second = CHAIN[0], CHAIN[1]
    stolen = first.payload + f',"previous":"{first.previous}","sequence":1,"subject":"x"'
    assert located(walk([first._replace(payload=stolen, subject="y"), second])) == (FaultKind.CHANGED, 1, 1)


def test_first_of_two_faults_is_the_one_that_is_told() -> None:
    rows = [row._replace(actor="forger") if row.sequence in {4, 8} else row for row in CHAIN]
    found = walk(rows)
    assert located(found) == (FaultKind.CHANGED, 4, 4)
    assert found.entries == 3
    assert str(found.fault) == (
        "Entry 4 was changed: its content does not give its digest. "
        "Its time: 2026-04-01T04:00:00.000000Z. Last good entry before it: 2026-04-01T03:00:00.000000Z."
    )
