"""What an institution has set for itself from its labelled questions; nothing set means: as shipped.

Rows are only added. The newest of a kind holds; one without settings is the way back to what is shipped. A
row says for which shipped figures it was made: after an upgrade that changes them a ranker no longer
holds, and of two thresholds the higher one does, until the institution measures again.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from importlib.resources import files
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from akashi.core.thread import digest_of
from akashi.domains.assistant.measure.confidence import Calibration, shipped_calibration
from akashi.domains.assistant.measure.ranker import Ranker, shipped_ranker
from akashi.domains.assistant.measure.tuning import weights_of
from akashi.domains.assistant.store import metadata
from akashi.ledger.model import JsonValue, Record
from akashi.ledger.store import append
from akashi.platform.canonical import canonical_json
from akashi.platform.database import Moment

tuning_table = sa.Table(
    "assistant_tuning",
    metadata,
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("settings", sa.JSON, nullable=False),
    sa.Column("figures", sa.JSON, nullable=False),
    sa.Column("basis", sa.Text, nullable=False),
    sa.Column("made_by", sa.Text, nullable=False),
    sa.Column("made_at", Moment, nullable=False),
)


class Kind(StrEnum):
    """What can be set."""

    THRESHOLD = "threshold"
    RANKER = "ranker"


@dataclass(frozen=True, slots=True)
class Tuning:
    """What holds now; ``number`` is the newest row's, 0 without any. ``stale`` kinds were made for other
    shipped figures."""

    number: int
    calibration: Calibration
    ranker: Ranker
    own: frozenset[Kind] = frozenset()
    stale: frozenset[Kind] = frozenset()


def read_number(connection: Connection) -> int:
    """Return the number of the newest row, 0 without any."""
    return int(connection.execute(sa.select(sa.func.max(tuning_table.c.number))).scalar() or 0)


def read_tuning(connection: Connection) -> Tuning:
    """Return the threshold and the ranker in force."""
    number = read_number(connection)
    rows = {kind: _newest(connection, kind) for kind in Kind} if number else {}
    ranker, own, stale = shipped_ranker(), set(), set()
    row = rows.get(Kind.RANKER)
    if row is not None and row.basis == basis_of(Kind.RANKER, ranker):
        ranker = Ranker(weights_of(row.settings))
        own.add(Kind.RANKER)
    elif row is not None:
        stale.add(Kind.RANKER)
    calibration = shipped_calibration()
    row = rows.get(Kind.THRESHOLD)
    if row is not None:
        own.add(Kind.THRESHOLD)
        threshold = min(max(float(row.settings["threshold"]), 0.0), 1.0)
        if row.basis != basis_of(Kind.THRESHOLD, ranker):
            stale.add(Kind.THRESHOLD)
            threshold = max(threshold, calibration.threshold)
        calibration = replace(calibration, threshold=threshold)
    return Tuning(number, calibration, ranker, frozenset(own), frozenset(stale))


def _newest(connection: Connection, kind: Kind) -> sa.Row[Any, Any] | None:
    query = (
        sa.select(tuning_table.c.settings, tuning_table.c.basis)
        .where(tuning_table.c.kind == kind.value)
        .order_by(tuning_table.c.number.desc())
        .limit(1)
    )
    row = connection.execute(query).first()
    return row if row is not None and row.settings else None


def keep_tuning(
    connection: Connection,
    kind: Kind,
    settings: Mapping[str, float],
    figures: Mapping[str, JsonValue],
    actor_id: str,
    now: datetime,
    ranker: Ranker | None = None,
) -> int:
    """Keep settings of a kind, none for what is shipped, with their ledger entry; return the number.

    ``ranker`` is the one in force while a threshold was measured.
    """
    number = read_number(connection) + 1
    basis = basis_of(kind, ranker or shipped_ranker())
    values = {"settings": dict(settings), "figures": dict(figures), "basis": basis}
    row = {"number": number, "kind": kind.value, "made_by": actor_id, "made_at": now, **values}
    connection.execute(sa.insert(tuning_table).values(row))
    payload: dict[str, JsonValue] = {
        "kind": kind.value,
        "number": number,
        "settings": {name: f"{value:.3f}" for name, value in settings.items()},
        "figures": digest_of(canonical_json({name: str(value) for name, value in figures.items()})),
    }
    append(connection, Record("assistant.tuned", "assistant", actor_id, now, payload))
    return number


def basis_of(kind: Kind, ranker: Ranker) -> str:
    """Return the digest of the figures that settings of a kind build on."""
    weights = {name: f"{weight:.3f}" for name, weight in sorted(ranker.weights.items()) if weight}
    return digest_of(canonical_json([_shipped_digest(), weights if kind is Kind.THRESHOLD else None]))


@functools.cache
def _shipped_digest() -> str:
    folder = files("akashi.domains.assistant").joinpath("data")
    return digest_of(
        b"\n".join(folder.joinpath(f"{name}.toml").read_bytes() for name in ("confidence", "ranker"))
    )
