"""An exported file verifies without an installation, and any changed byte of it is noticed."""

from __future__ import annotations

import hashlib
import json
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from akashi.core.errors import InputError
from akashi.ledger.chain import FaultKind, Walk
from akashi.ledger.checkpoints import Checkpoint, read_checkpoint, write_checkpoint
from akashi.ledger.export import read_header, verify_export, write_export
from akashi.ledger.verify import public_key_of, take_checkpoint
from akashi.platform.canonical import canonical_json
from akashi.platform.keys import Keys
from akashi.platform.site import Site
from tests.ledger.chains import fill


@pytest.fixture
def signed(sqlite_site: Site) -> Site:
    """An installation with six entries, the first four of them signed."""
    fill(sqlite_site, 4)
    take_checkpoint(sqlite_site, "p1")
    with sqlite_site.database.write():
        pass
    fill(sqlite_site, 2)
    return sqlite_site


def export(site: Site, path: Path, first: int = 1, last: int = 0) -> Path:
    """Write an export and return where it lies."""
    with site.database.read() as connection, path.open("wb") as file:
        write_export(connection, public_key_of(site), file, first, last)
    return path


def located(walk: Walk) -> tuple[FaultKind, int, int]:
    """Return what was found and where."""
    assert walk.fault is not None
    return walk.fault.kind, walk.fault.sequence, walk.fault.other


def test_exported_file_verifies(signed: Site, tmp_path: Path) -> None:
    header, walk = verify_export(export(signed, tmp_path / "all.jsonl"))
    assert (walk.fault, walk.entries, walk.checkpoints) == (None, 6, 1)
    assert header.fingerprint == signed.keys.fingerprint()


def test_part_of_the_chain_verifies(signed: Site, tmp_path: Path) -> None:
    _header, walk = verify_export(export(signed, tmp_path / "part.jsonl", 3, 5))
    assert (walk.fault, walk.entries, walk.checkpoints) == (None, 3, 1)


def test_stranger_verifies_with_ten_lines_of_his_own(signed: Site, tmp_path: Path) -> None:
    previous = "0" * 64
    for line in export(signed, tmp_path / "all.jsonl").read_bytes().splitlines():
        values = json.loads(line)
        if "entry" in values:
            content = line[line.index(b'"entry":') + 8 : -1]
            assert hashlib.sha256(content).hexdigest() == values["digest"]
            assert values["entry"]["previous"] == previous
            previous = values["digest"]
        elif "checkpoint" in values:
            signature = bytes.fromhex(values["checkpoint"].pop("signature"))
            key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(values["checkpoint"]["public_key"]))
            key.verify(
                signature, canonical_json({"format": "akashi.ledger.checkpoint/1", **values["checkpoint"]})
            )


def test_deleted_exchanged_and_repeated_lines_are_located(signed: Site, tmp_path: Path) -> None:
    path = export(signed, tmp_path / "all.jsonl")
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(lines[:3] + lines[4:]))
    assert located(verify_export(path)[1]) == (FaultKind.MISSING, 3, 3)
    path.write_bytes(b"".join([*lines[:2], lines[3], lines[2], *lines[4:]]))
    assert located(verify_export(path)[1])[1] == 2
    path.write_bytes(b"".join([*lines[:4], lines[3], *lines[4:]]))
    assert located(verify_export(path)[1])[1] in {3, 4}
    path.write_bytes(b"".join([*lines[:5], lines[7]]))
    assert located(verify_export(path)[1]) == (FaultKind.TRUNCATED, 5, 6)


def test_checkpoint_kept_elsewhere_finds_a_cut_and_resigned_file(signed: Site, tmp_path: Path) -> None:
    last = take_checkpoint(signed, "p1")
    assert last is not None
    path = export(signed, tmp_path / "short.jsonl", 1, 5)
    assert verify_export(path)[1].fault is None
    assert located(verify_export(path, [last])[1]) == (FaultKind.TRUNCATED, 6, 6)
    stranger = replace(last, signature="00" * 64)
    assert located(verify_export(path, [stranger])[1])[0] is FaultKind.FORGED


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=300)
@given(data=st.data())
def test_any_changed_byte_is_noticed_at_its_line(signed: Site, tmp_path: Path, data: st.DataObject) -> None:
    path = tmp_path / "all.jsonl"
    content = bytearray(path.read_bytes() if path.exists() else export(signed, path).read_bytes())
    whole = bytes(content)
    place = data.draw(st.integers(0, len(content) - 1))
    content[place] = data.draw(st.integers(0, 255).filter(lambda byte: byte != whole[place]))
    changed = tmp_path / "changed.jsonl"
    changed.write_bytes(content)
    line = whole[:place].count(b"\n")  # 0 is the header, then the entries, then the checkpoint
    try:
        walk = verify_export(changed)[1]
    except InputError:
        assert line == 0
        return
    assert walk.fault is not None
    if 1 <= line <= 6:
        assert walk.fault.sequence == line


def test_ledger_without_entries_has_nothing_to_export(sqlite_site: Site, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no entries"):
        export(sqlite_site, tmp_path / "none.jsonl")


@pytest.mark.parametrize(
    "content", [b"", b"\x00" * 100, b"{}\n", b"[1]\n", b'{"format":"akashi.ledger.export/1"}\n']
)
def test_other_files_are_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "other.jsonl"
    path.write_bytes(content)
    with pytest.raises(InputError, match="not an export"):
        read_header(path)
    with pytest.raises(InputError, match="not a checkpoint"):
        read_checkpoint(path)


def test_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        read_header(tmp_path / "none")
    with pytest.raises(InputError, match="cannot be read"):
        read_checkpoint(tmp_path / "none")


@given(st.data())
def test_checkpoint_file_gives_back_what_was_signed_or_is_refused(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    path = tmp_path_factory.getbasetemp() / "checkpoint.json"
    key = Keys(bytes(32)).signing_key().public_key().public_bytes_raw().hex()
    good = Checkpoint(5, "ab" * 32, "2026-11-20T01:00:00.000000Z", "inst_1", key, "cd" * 64)
    content = bytearray(write_checkpoint(good))
    path.write_bytes(content)
    assert read_checkpoint(path) == good
    place = data.draw(st.integers(0, len(content) - 1))
    content[place] ^= data.draw(st.integers(1, 255))
    path.write_bytes(content)
    with suppress(InputError):
        assert not read_checkpoint(path).is_genuine()
