"""Damaged, forged, unfinished and too large: a backup is whole or it is refused, and nothing changes."""

from __future__ import annotations

import hashlib
import os
import random
import signal
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import orjson
import pytest

from akashi.core.errors import InputError
from akashi.ledger.model import Record
from akashi.ledger.store import append, read_link
from akashi.ledger.verify import verify_ledger
from akashi.platform.archive import MANIFEST, SEAL_BYTES
from akashi.platform.backup import read_backup, restore_backup, write_backup
from akashi.platform.database import Database
from akashi.platform.installation import INSTALLATION_ID, PENDING_MARK, finish_restore
from akashi.platform.meta import read_meta, write_meta
from akashi.platform.schema import upgrade_schema
from akashi.platform.site import Site

WORK = """
import os, resource, sys
from pathlib import Path
from akashi.house import list_rooms
from akashi.platform import backup
from akashi.platform.database import Database
from akashi.platform.keys import Keys
from akashi.platform.rooms import Room
from akashi.platform.settings import Settings
from akashi.platform.site import Site
what, url, path, home, limit, hook = sys.argv[1:7]
rooms = (*list_rooms(), Room("akashi.core", "Hook", "", restored=hook)) if hook else list_rooms()
settings = Settings(Path(home), Path(home) / "master.key", url)
site = Site(settings, Database(url), Keys(bytes(range(32))), rooms)
if int(limit):
    resource.setrlimit(resource.RLIMIT_FSIZE, (int(limit), int(limit)))
getattr(backup, what)(site, Path(path), progress=lambda done, total: print(done, flush=True))
"""


@pytest.fixture
def filled(sqlite_site: Site) -> Site:
    """An installation whose ledger has enough to be interrupted."""
    with sqlite_site.database.write() as connection:
        write_meta(connection, INSTALLATION_ID, "inst_1")
        for number in range(3000):
            text = hashlib.sha256(str(number).encode()).hexdigest()
            append(connection, Record("test.added", f"s{number}", "p1", sqlite_site.now(), {"text": text}))
    return sqlite_site


@pytest.fixture
def written(filled: Site, tmp_path: Path) -> Path:
    """A whole backup of it."""
    path = tmp_path / "whole.backup"
    write_backup(filled, path)
    return path


@pytest.fixture
def elsewhere(filled: Site, tmp_path: Path) -> Iterator[Site]:
    """A new, empty installation with the same master key."""
    database = Database(f"sqlite:///{tmp_path / 'elsewhere' / 'akashi.db'}")
    upgrade_schema(database, filled.rooms)
    settings = replace(filled.settings, home=tmp_path / "elsewhere")
    yield replace(filled, database=database, settings=settings)
    database.close()


def start(what: str, site: Site, path: Path, limit: int = 0, hook: str = "") -> subprocess.Popen[str]:
    """Start a backup or restore in a process of its own, which prints its progress."""
    url = site.database.url.render_as_string(hide_password=False)
    words = [what, url, str(path), str(site.settings.home), str(limit), hook]
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    return subprocess.Popen(
        [sys.executable, "-c", WORK, *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment,
    )


def kill_after(process: subprocess.Popen[str], lines: int) -> None:
    """Kill a process with signal 9 once it has printed so many lines, or let it end before."""
    assert process.stdout is not None
    for _ in range(lines):
        if not process.stdout.readline():
            break
    os.kill(process.pid, signal.SIGKILL)
    process.communicate()


def end_of(site: Site) -> int:
    """Return the last entry of a ledger that verifies."""
    assert verify_ledger(site, "p1").fault is None
    with site.database.read() as connection:
        return read_link(connection)[0]


def flip(path: Path, place: int) -> Path:
    """Return a copy of a file with one changed byte."""
    content = bytearray(path.read_bytes())
    content[place] ^= 0x10
    other = path.with_suffix(".flipped")
    other.write_bytes(content)
    return other


def sample_places(size: int, count: int) -> list[int]:
    """Return the first and last 50 places and ``count`` random ones in between."""
    chance = random.Random(20261120)
    return [*range(50), *range(size - 50, size), *(chance.randrange(50, size - 50) for _ in range(count))]


def test_whole_backup_is_read(filled: Site, written: Path) -> None:
    assert read_backup(filled, written).proofs["ledger"]["sequence"] == 3000


def test_any_flipped_byte_is_noticed(filled: Site, written: Path) -> None:
    for place in sample_places(written.stat().st_size, 50):
        with pytest.raises(InputError):
            read_backup(filled, flip(written, place))


@pytest.mark.full
def test_many_flipped_bytes_are_noticed_one_by_one(filled: Site, written: Path) -> None:
    for place in sample_places(written.stat().st_size, 500):
        with pytest.raises(InputError):
            read_backup(filled, flip(written, place))


def test_changed_table_is_named(filled: Site, written: Path) -> None:
    with zipfile.ZipFile(written) as archive:
        info = archive.getinfo("tables/ledger_entry.jsonl")
    with pytest.raises(InputError, match=r"changed after it was written: table ledger_entry\."):
        read_backup(filled, flip(written, info.header_offset + info.compress_size // 2))


def test_cut_and_lengthened_files_are_refused(filled: Site, written: Path) -> None:
    content = written.read_bytes()
    other = written.with_suffix(".cut")
    for size in (0, 3, 100, len(content) // 2, len(content) - 1):
        other.write_bytes(content[:size])
        with pytest.raises(InputError, match=r"incomplete|not a backup|changed"):
            read_backup(filled, other)
    other.write_bytes(content + b"0")
    with pytest.raises(InputError):
        read_backup(filled, other)


def test_other_files_are_refused(filled: Site, tmp_path: Path) -> None:
    (tmp_path / "text").write_text("a letter")
    with zipfile.ZipFile(tmp_path / "zip", "w") as archive:
        archive.writestr("hello.txt", "hello")
    for name in ("text", "zip"):
        with pytest.raises(InputError, match="not a backup"):
            read_backup(filled, tmp_path / name)
    with pytest.raises(InputError, match="No such file"):
        read_backup(filled, tmp_path / "none")


def test_resealed_forgery_does_not_pass_the_signature(filled: Site, written: Path, tmp_path: Path) -> None:
    forged = tmp_path / "forged.backup"
    with zipfile.ZipFile(written) as old, zipfile.ZipFile(forged, "w", zipfile.ZIP_DEFLATED) as new:
        members = {info.filename: old.read(info) for info in old.infolist()}
        name = "tables/platform_meta.jsonl"
        members[name] = members[name].replace(b"inst_1", b"inst_2")
        manifest = orjson.loads(members[MANIFEST])
        for table in manifest["tables"]:
            if table["name"] == "platform_meta":
                table["sha256"] = hashlib.sha256(members[name]).hexdigest()
        members[MANIFEST] = orjson.dumps(manifest, option=orjson.OPT_SORT_KEYS)
        for member, content in members.items():
            new.writestr(member, content)
        new.comment = b"0" * SEAL_BYTES
    content = forged.read_bytes()[:-SEAL_BYTES]
    forged.write_bytes(content + hashlib.sha256(content).hexdigest().encode())
    with pytest.raises(InputError, match="signature"):
        read_backup(filled, forged)


@pytest.mark.full
@pytest.mark.parametrize("lines", [1, 3, 8])
def test_killed_backup_leaves_no_file_that_looks_whole(filled: Site, tmp_path: Path, lines: int) -> None:
    path = tmp_path / "killed.backup"
    kill_after(start("write_backup", filled, path), lines)
    assert not path.exists() or read_backup(filled, path).rows
    for part in tmp_path.glob(".killed.backup.*.part"):
        with pytest.raises(InputError):
            read_backup(filled, part)
    path.unlink(missing_ok=True)
    write_backup(filled, path)
    assert read_backup(filled, path).rows


@pytest.mark.full
@pytest.mark.parametrize("lines", [1, 5])
def test_killed_restore_leaves_the_database_as_it_was(elsewhere: Site, written: Path, lines: int) -> None:
    kill_after(start("restore_backup", elsewhere, written), lines)
    assert end_of(elsewhere) in {0, 3000}
    restore_backup(elsewhere, written, replace=True)
    assert end_of(elsewhere) == 3000


@pytest.mark.full
def test_restore_killed_after_its_commit_still_reapplies_what_rooms_keep(
    elsewhere: Site, written: Path
) -> None:
    process = start("restore_backup", elsewhere, written, hook="tests.platform.hooks:never_return")
    assert process.stdout is not None
    while process.stdout.readline() not in {"waiting\n", ""}:
        pass
    os.kill(process.pid, signal.SIGKILL)
    process.communicate()
    with elsewhere.database.read() as connection:
        assert read_meta(connection, PENDING_MARK) is not None
    assert end_of(elsewhere) == 3000
    assert finish_restore(elsewhere) is True
    assert finish_restore(elsewhere) is False


def test_full_disk_during_backup_leaves_no_file(filled: Site, tmp_path: Path) -> None:
    folder = tmp_path / "target"
    folder.mkdir()
    process = start("write_backup", filled, folder / "a.backup", limit=100_000)
    _out, errors = process.communicate()
    assert process.returncode != 0
    assert "There is not enough space on the disk." in errors
    assert list(folder.iterdir()) == []


@pytest.mark.full
def test_full_disk_during_restore_changes_nothing(elsewhere: Site, written: Path, tmp_path: Path) -> None:
    empty = Database(f"sqlite:///{tmp_path / 'empty.db'}")
    upgrade_schema(empty, elsewhere.rooms)
    empty.close()
    limit = (tmp_path / "empty.db").stat().st_size + 300_000
    process = start("restore_backup", elsewhere, written, limit=limit)
    _out, errors = process.communicate()
    assert process.returncode != 0
    assert "There is not enough space for the database." in errors
    assert end_of(elsewhere) == 0
