"""Every changed, dropped, added or reordered byte of a bundle is detected and located."""

from __future__ import annotations

import io
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from akashi.core.errors import InputError
from akashi.domains.governance.bundle.container import (
    Entry,
    build_container,
    compare_container,
    read_container,
)
from akashi.domains.governance.bundle.manifest import MANIFEST, SIGNATURE, open_bundle, seal_bundle
from akashi.platform.keys import Keys

KEYS = Keys(bytes(range(32)))
ENTRIES = [
    Entry("use_case.json", b'{"code":"customer_faq"}'),
    Entry("suites/leakage.jsonl", "漏えい\n".encode() * 40),
    Entry("runs/run_1.json", b"{}"),
]
BUNDLE = seal_bundle({"use_case": "customer_faq", "publisher": "汐見銀行"}, ENTRIES, KEYS)


def test_every_zip_tool_opens_it_and_finds_the_same() -> None:
    with zipfile.ZipFile(io.BytesIO(BUNDLE)) as archive:
        assert archive.testzip() is None
        names = archive.namelist()
        assert archive.read("use_case.json") == ENTRIES[0].content
    assert names == [MANIFEST, SIGNATURE, "runs/run_1.json", "suites/leakage.jsonl", "use_case.json"]


def test_the_same_entries_are_the_same_bytes() -> None:
    assert seal_bundle({"use_case": "a"}, ENTRIES[::-1], KEYS) == seal_bundle(
        {"use_case": "a"}, ENTRIES, KEYS
    )
    assert open_bundle(BUNDLE).is_whole
    assert open_bundle(BUNDLE).fingerprint == KEYS.fingerprint()


@pytest.mark.parametrize("mask", [1, 0x80, 0xFF])
def test_no_byte_can_be_changed_unseen(mask: int) -> None:
    for place in range(len(BUNDLE)):
        changed = bytearray(BUNDLE)
        changed[place] ^= mask
        try:
            assert open_bundle(bytes(changed)).faults, place
        except InputError:
            continue


@settings(max_examples=150, deadline=None)
@given(st.integers(0, len(BUNDLE)), st.binary(min_size=1, max_size=8))
def test_no_byte_can_be_added_unseen(place: int, more: bytes) -> None:
    try:
        assert open_bundle(BUNDLE[:place] + more + BUNDLE[place:]).faults
    except InputError:
        return


@settings(max_examples=150, deadline=None)
@given(st.integers(0, len(BUNDLE) - 1), st.integers(1, 64))
def test_no_byte_can_be_dropped_unseen(place: int, count: int) -> None:
    try:
        assert open_bundle(BUNDLE[:place] + BUNDLE[place + count :]).faults
    except InputError:
        return


def _kinds(entries: list[Entry]) -> dict[str, str]:
    return {fault.kind: fault.where for fault in open_bundle(build_container(entries)).faults}


def test_what_happened_to_an_entry_is_named() -> None:
    whole = list(read_container(BUNDLE))
    assert _kinds(whole[:-1]) == {"missing": "use_case.json"}
    assert _kinds([*whole, Entry("x.py", b"import os")]) == {"added": "x.py"}
    assert _kinds([*whole[:-2], whole[-1], whole[-2]]) == {"reordered": "entries"}
    spoilt = [*whole[:-1], Entry("use_case.json", b'{"code":"customer_faX"}')]
    assert _kinds(spoilt) == {"changed": "use_case.json"}


def test_a_bundle_signed_again_by_another_key_shows_another_fingerprint() -> None:
    forged = seal_bundle({"use_case": "customer_faq", "publisher": "汐見銀行"}, ENTRIES, Keys(bytes(32)))
    assert open_bundle(forged).is_whole
    assert open_bundle(forged).fingerprint != KEYS.fingerprint()


def test_a_manifest_changed_together_with_its_entry_breaks_the_signature() -> None:
    other = {one.name: one for one in read_container(seal_bundle({}, [Entry("a", b"2")], Keys(bytes(32))))}
    mine = {one.name: one for one in read_container(seal_bundle({}, [Entry("a", b"1")], KEYS))}
    assert "signature" in _kinds([other[MANIFEST], mine[SIGNATURE], other["a"]])


def test_the_place_of_a_change_is_told() -> None:
    place = BUNDLE.index(b"customer_faq", BUNDLE.index(b"use_case.json", 900))
    changed = BUNDLE[:place] + b"X" + BUNDLE[place + 1 :]
    difference = compare_container(changed, read_container(BUNDLE))
    assert difference is not None
    assert (difference.offset, difference.what) == (place, "content of use_case.json")


@pytest.mark.parametrize(
    "content", [b"", b"PK", b"\x00" * 100, b"PK\x03\x04" + b"\xff" * 40, b"PK\x05\x06" + bytes(18)]
)
def test_what_is_no_bundle_is_refused_in_one_sentence(content: bytes) -> None:
    with pytest.raises(InputError):
        open_bundle(content)


def test_a_name_that_leads_elsewhere_is_never_a_plain_container() -> None:
    for name in ("../a", "/etc/passwd", "a//b", "A", "a\\b", ""):
        with pytest.raises(ValueError, match="plain name"):
            build_container([Entry(name, b"")])
