"""Keys: sealed records open only with their key and their place; the key file is ours alone."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from akashi.core.errors import EvidenceError, SetupError
from akashi.platform.keys import Keys, create_key_file, open_keys

KEYS = Keys(bytes(range(32)))


@given(st.binary(max_size=300), st.text(max_size=20))
def test_unseal_is_the_inverse_of_seal(plain: bytes, place: str) -> None:
    assert KEYS.unseal("p", KEYS.seal("p", plain, place), place) == plain


@given(st.binary(max_size=60), st.data())
def test_any_changed_byte_is_noticed(plain: bytes, data: st.DataObject) -> None:
    sealed = bytearray(KEYS.seal("p", plain))
    sealed[data.draw(st.integers(0, len(sealed) - 1))] ^= data.draw(st.integers(1, 255))
    with pytest.raises(EvidenceError):
        KEYS.unseal("p", bytes(sealed))


def test_record_moved_to_another_place_does_not_open() -> None:
    with pytest.raises(EvidenceError):
        KEYS.unseal("p", KEYS.seal("p", b"x", "conversation 1"), "conversation 2")


def test_purposes_do_not_share_keys() -> None:
    assert KEYS.derive("a") != KEYS.derive("b")
    assert KEYS.digest("a", "x") != KEYS.digest("b", "x")


def test_signing_key_is_stable_and_depends_on_the_master() -> None:
    assert KEYS.fingerprint() == Keys(bytes(range(32))).fingerprint()
    assert KEYS.fingerprint() != Keys(bytes(32)).fingerprint()


def test_key_file_is_created_once_and_private(tmp_path: Path) -> None:
    path = tmp_path / "config" / "master.key"
    assert create_key_file(path)
    first = path.read_bytes()
    assert not create_key_file(path)
    assert path.read_bytes() == first
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert open_keys(path, {}).fingerprint()


def test_key_file_that_others_may_read_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "master.key"
    create_key_file(path)
    path.chmod(0o640)
    with pytest.raises(SetupError, match="chmod 600"):
        open_keys(path, {})


def test_missing_or_short_key_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match="akashi init"):
        open_keys(tmp_path / "none.key", {})
    with pytest.raises(SetupError, match="32 bytes"):
        open_keys(tmp_path / "none.key", {"AKASHI_MASTER_KEY": "AAAA"})
