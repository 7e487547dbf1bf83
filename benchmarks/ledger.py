"""How fast the ledger takes entries and how fast the whole chain is verified; the fields are in the contract.

    python -m benchmarks.ledger --entries 1000000 [--database URL] [--appends 2000] --json

``append_per_s`` counts committed transactions of one entry each, through ``Database.write`` and ``append``.
The long chain that is verified is loaded in blocks, with the same entries, because what is measured there
is reading. ``--database`` must name an empty database; without it a temporary SQLite file is used.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path

import sqlalchemy as sa

from akashi.ledger import ROOM
from akashi.ledger.model import JsonValue, Record, make_entry
from akashi.ledger.store import append, entry_table, read_link
from akashi.ledger.verify import public_key_of, walk_stored
from akashi.platform.database import Database
from akashi.platform.keys import Keys
from akashi.platform.schema import upgrade_schema
from akashi.platform.settings import Settings
from akashi.platform.site import Site

PAYLOAD_BYTES = 300
BLOCK = 5000
START = datetime(2026, 4, 1, tzinfo=UTC)
KINDS = ("approvals.decided", "documents.added", "findings.opened", "identity.signed_in")


def make_record(number: int) -> Record:
    """Return a record whose canonical payload has exactly 300 bytes."""
    frame = f'{{"digest":"","number":{number}}}'
    payload: dict[str, JsonValue] = {"digest": "f" * (PAYLOAD_BYTES - len(frame)), "number": number}
    kind = KINDS[number % len(KINDS)]
    return Record(
        kind, f"matter_{number:032x}", f"p{number % 50}", START + timedelta(seconds=number), payload
    )


def measure_appends(database: Database, count: int) -> float:
    """Return committed one-entry transactions a second."""
    started = time.perf_counter()
    for number in range(count):
        with database.write() as connection:
            append(connection, make_record(number))
    return count / (time.perf_counter() - started)


def load_entries(database: Database, count: int) -> None:
    """Bring the chain to ``count`` entries, a block a transaction."""
    with database.read() as connection:
        done, digest = read_link(connection)
    while done < count:
        rows = []
        for number in range(done, min(done + BLOCK, count)):
            entry = make_entry(make_record(number), number + 1, digest)
            rows.append(asdict(entry))
            digest = entry.digest
        with database.write() as connection:
            connection.execute(sa.insert(entry_table), rows)
        done += len(rows)
        print(f"\r{done} of {count} entries", end="", file=sys.stderr)
    print(file=sys.stderr)


def measure_verify(site: Site, count: int) -> tuple[float, float]:
    """Return seconds and processor seconds of one walk over the whole chain.

    Raises: SystemExit: it did not verify.
    """
    started, started_cpu = time.perf_counter(), time.process_time()
    with site.database.read() as connection:
        walk = walk_stored(connection, public_key_of(site))
    seconds, cpu = time.perf_counter() - started, time.process_time() - started_cpu
    if walk.fault or walk.entries != count:
        raise SystemExit(f"the chain does not verify: {walk}")
    return seconds, cpu


@contextmanager
def open_site(url: str) -> Iterator[Site]:
    """Yield an installation that has only a ledger."""
    with tempfile.TemporaryDirectory(prefix="akashi-ledger-") as folder:
        home = Path(folder)
        database = Database(url or f"sqlite:///{home / 'ledger.db'}")
        if sa.inspect(database.engine).get_table_names():
            raise SystemExit("--database must name an empty database")
        upgrade_schema(database, [ROOM])
        settings = Settings(home, home / "master.key", url)
        try:
            yield Site(settings, database, Keys(bytes(32)), (ROOM,))
        finally:
            database.close()


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="Measure the ledger.")
    parser.add_argument("--entries", type=int, default=1_000_000)
    parser.add_argument("--appends", type=int, default=2_000)
    parser.add_argument("--database", default="")
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    with open_site(arguments.database) as site:
        appended = min(arguments.appends, arguments.entries)
        append_per_s = measure_appends(site.database, appended)
        load_entries(site.database, arguments.entries)
        verify_s, verify_cpu_s = measure_verify(site, arguments.entries)
        figures = {
            "append_per_s": round(append_per_s, 1),
            "verify_s": round(verify_s, 2),
            "verify_cpu_s": round(verify_cpu_s, 2),
            "database": site.database.url.get_backend_name(),
            "entries": arguments.entries,
            "appends": appended,
        }
    if arguments.json:
        print(json.dumps(figures))
        return
    for name, value in figures.items():
        print(f"{name:14} {value}")


if __name__ == "__main__":
    main()
