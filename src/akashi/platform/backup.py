"""Backup and restore: everything in the database, never the master key, portable between both databases.

``write_backup`` takes one consistent snapshot while the pages go on serving. ``restore_backup`` brings it
into an empty database, or replaces what is there, in one transaction: all of it verifies, or nothing changes.
"""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib.metadata import version
from itertools import islice
from pathlib import Path
from typing import Any

import psycopg
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from akashi.core.errors import EvidenceError, InputError
from akashi.platform.archive import ArchiveWriter, Manifest, TableFacts, new_file, read_lines, read_manifest
from akashi.platform.archive_rows import (
    DECODERS,
    ENCODERS,
    Kind,
    decode_row,
    encode_row,
    insert_rows,
    kind_of,
    select_rows,
)
from akashi.platform.archive_schema import count_rows, drop_everything, guards_aside, is_unused, read_tables
from akashi.platform.database import Database
from akashi.platform.installation import INSTALLATION_ID, PENDING_MARK, finish_restore
from akashi.platform.meta import meta_table, read_meta, write_meta
from akashi.platform.rooms import call_name
from akashi.platform.schema import known_revisions, read_heads, upgrade_schema, upgrade_to
from akashi.platform.site import Site

FETCH_ROWS = 1000
INSERT_ROWS = 500
LINES_A_WRITE = 200

Progress = Callable[[int, int], None]


def ignore_progress(done: int, total: int) -> None:
    """Show nothing."""


def write_backup(site: Site, path: Path, progress: Progress = ignore_progress) -> dict[str, Any]:
    """Write one file with everything in the database, as of one moment, and return what is in it.

    ``progress`` receives rows done and rows in all. The file appears under its name only when it is whole
    and on the disk; it is readable by its owner only.

    Raises: InputError: the name is taken, the folder is missing, or the disk is full; no file is left.
    """
    with new_file(path) as file, site.database.read() as connection:
        archive = ArchiveWriter(file)
        try:
            manifest = _write_tables(site, connection, archive, progress)
            archive.finish(manifest, site.keys.signing_key())
        finally:
            archive.abandon()
    return summarise(manifest, path)


def summarise(manifest: Manifest, path: Path) -> dict[str, Any]:
    """Return what a person or machine is told about a backup."""
    return {
        "path": str(path),
        "created_at": manifest.created_at,
        "installation_id": manifest.installation_id,
        "product_version": manifest.product_version,
        "tables": len(manifest.tables),
        "rows": manifest.rows,
        "proofs": {name: dict(proof) for name, proof in manifest.proofs.items()},
    }


def _write_tables(site: Site, connection: Connection, archive: ArchiveWriter, progress: Progress) -> Manifest:
    tables = read_tables(connection)
    count = sa.func.count()
    total = sum(connection.execute(sa.select(count).select_from(table)).scalar_one() for table in tables)
    facts: list[TableFacts] = []
    done = 0

    def advance(rows: int) -> None:
        progress(done + rows, total)

    for table in tables:
        facts.append(_write_table(connection, archive, table, advance))
        done += facts[-1].rows
    return Manifest(
        product_version=version("akashi"),
        created_at=site.now().astimezone(UTC).isoformat(timespec="seconds"),
        installation_id=read_meta(connection, INSTALLATION_ID) or "",
        database=site.database.url.get_backend_name(),
        heads=read_heads(connection),
        proofs=_ask_proofs(site, connection, whole=False),
        public_key=site.keys.signing_key().public_key().public_bytes_raw().hex(),
        tables=tuple(facts),
    )


def _write_table(
    connection: Connection, archive: ArchiveWriter, table: sa.Table, advance: Callable[[int], None]
) -> TableFacts:
    kinds = [kind_of(column) for column in table.columns]
    query = select_rows(table, connection.dialect.name)
    result = connection.execute(query, execution_options={"yield_per": FETCH_ROWS})
    lines = (encode_row(row, [ENCODERS[kind] for kind in kinds]) for row in result)
    digest, size, rows = hashlib.sha256(), 0, 0
    columns = tuple((column.name, kind.value) for column, kind in zip(table.columns, kinds, strict=True))
    draft = TableFacts(table.name, columns, 0, 0, "")
    with archive.member(draft.member) as target:
        while block := list(islice(lines, LINES_A_WRITE)):
            content = b"".join(block)
            digest.update(content)
            target.write(content)
            size, rows = size + len(content), rows + len(block)
            advance(rows)
    return TableFacts(table.name, columns, rows, size, digest.hexdigest())


def _ask_proofs(site: Site, connection: Connection, *, whole: bool) -> dict[str, dict[str, Any]]:
    return {
        room.name: dict(call_name(room.proof, site, connection, whole)) for room in site.rooms if room.proof
    }


def read_backup(site: Site, path: Path) -> Manifest:
    """Return what a backup says about itself, after its seal and signature have been checked.

    Raises: InputError: no backup, incomplete, changed (names the table), or of another master key.
    """
    return read_manifest(path, site.keys.signing_key().public_key())


def restore_backup(
    site: Site, path: Path, *, replace: bool = False, progress: Progress = ignore_progress
) -> dict[str, Any]:
    """Bring a backup into this database and return what came in.

    Everything happens in one transaction and is verified before it is committed: every digest, the
    signature, and what rooms vouch for, such as the ledger's chain. Then every room re-applies what must
    outlive a restore. ``replace`` replaces what is there, after a backup of it in ``home/backups``.

    Raises: InputError: not a usable backup, of a newer version, the database is not empty, or no space;
    EvidenceError: the restored rows are not what was vouched for. In every case nothing has changed.
    """
    manifest = read_backup(site, path)
    _check_version(site, manifest, path)
    safety = _save_present(site, replace)
    with _explained(site.database), site.database.write() as connection:
        drop_everything(connection)
        upgrade_to(connection, site.rooms, manifest.heads)
        _load_tables(connection, path, manifest, progress)
        connection.execute(sa.delete(meta_table).where(meta_table.c.key.startswith("lease.")))
        upgrade_to(connection, site.rooms)
        _check_proofs(site, connection, manifest)
        write_meta(connection, PENDING_MARK, site.now().isoformat())
    finish_restore(site)
    return {**summarise(manifest, path), "safety_backup": str(safety) if safety else ""}


def _check_version(site: Site, manifest: Manifest, path: Path) -> None:
    unknown = sorted(set(manifest.heads) - known_revisions(site.rooms))
    if unknown:
        raise InputError(
            "This backup is of a newer version ({version}; {unknown}).",
            where=str(path),
            next_step="Install that version of Akashi first, then restore.",
            version=manifest.product_version,
            unknown=", ".join(unknown),
        )


def _save_present(site: Site, replace: bool) -> Path | None:
    """Return where the present content was saved; None when there is none."""
    new = _count_new_rows(site)
    with site.database.read() as connection:
        if is_unused(connection, new):
            return None
    if not replace:
        raise InputError(
            "The database {database} is not empty.",
            next_step="Restore into a new installation, or add --replace to replace it after a backup.",
            database=site.database.label,
        )
    folder = site.settings.home / "backups"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S%fZ")
    safety = folder / f"before-restore-{stamp}.akashi-backup"
    write_backup(site, safety)
    return safety


def _count_new_rows(site: Site) -> dict[str, int]:
    """Return how many rows the migrations alone put into each table."""
    with tempfile.TemporaryDirectory(prefix="akashi-new-") as folder:
        database = Database(f"sqlite:///{folder}/new.db")
        with _explained(database):
            upgrade_schema(database, site.rooms)
            with database.read() as connection:
                counts = count_rows(connection)
        database.close()
    return counts


def _load_tables(connection: Connection, path: Path, manifest: Manifest, progress: Progress) -> None:
    tables = read_tables(connection)
    _compare_schema(tables, manifest, path)
    by_name = {table.name: table for table in tables}
    done = 0
    with guards_aside(connection, tables):
        for table in tables:
            connection.execute(sa.delete(table))
        for facts in manifest.tables:
            rows = _read_rows(path, facts)
            statement = insert_rows(by_name[facts.name], connection.dialect.name)
            while block := list(islice(rows, INSERT_ROWS)):
                connection.execute(statement, block)
                done += len(block)
                progress(done, manifest.rows)


def _read_rows(path: Path, facts: TableFacts) -> Iterator[dict[str, Any]]:
    names = [name for name, _kind in facts.columns]
    decoders = [DECODERS[Kind(kind)] for _name, kind in facts.columns]
    for line in read_lines(path, facts):
        yield decode_row(line, names, decoders)


def _compare_schema(tables: list[sa.Table], manifest: Manifest, path: Path) -> None:
    ours = {table.name: {column.name: kind_of(column).value for column in table.columns} for table in tables}
    theirs = {facts.name: dict(facts.columns) for facts in manifest.tables}
    if ours != theirs:
        differing = sorted(name for name in {*ours, *theirs} if ours.get(name) != theirs.get(name))
        raise InputError(
            "The tables of this backup are not those of this version: {tables}.",
            where=str(path),
            next_step="Restore with the version that wrote it ({version}).",
            tables=", ".join(differing),
            version=manifest.product_version,
        )


def _check_proofs(site: Site, connection: Connection, manifest: Manifest) -> None:
    found = _ask_proofs(site, connection, whole=True)
    for name, proof in manifest.proofs.items():
        if found.get(name) != dict(proof):
            raise EvidenceError(
                f"What was restored is not what {name} vouched for: {proof}, not {found.get(name)}."
            )


@contextmanager
def _explained(database: Database) -> Iterator[None]:
    """Turn what a full or busy database says into a sentence for a person."""
    try:
        yield
    except sa.exc.DBAPIError as error:
        text = str(error.orig)
        if isinstance(error.orig, psycopg.errors.DiskFull) or "disk is full" in text or "disk I/O" in text:
            message, step = "There is not enough space for the database.", "Free some space and try again."
        elif isinstance(error.orig, psycopg.errors.LockNotAvailable) or "is locked" in text:
            message, step = "The database is in use.", "Stop akashi serve on every machine and try again."
        else:
            raise
        raise InputError(message, where=database.label, next_step=step) from error
