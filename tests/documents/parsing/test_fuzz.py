"""Whatever the bytes, the outcome is a sound document or one InputError."""

from __future__ import annotations

import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from akashi.core.errors import InputError
from akashi.documents.parsing import Limits, parse_bytes

NAMES = ["a.txt", "a.md", "a.html", "a.csv", "a.pdf", "a.docx", "a.xlsx", "a.pptx"]
HEADS = {"pdf": b"%PDF-1.7\n", "docx": b"PK\x03\x04", "xlsx": b"PK\x03\x04", "pptx": b"PK\x03\x04"}
LIMITS = Limits(seconds=20.0)
PIECES = [
    "第１条", "#", "|", "-", "<td>", "<table>", "</p>", '"', ",", "\n", "質問,回答\n", "。", "\t",
    "<p style='display:none'>", "```", "1. ", "①", "\u202e", "\x00", "\u3000", "<!--", "[a]: b",
]  # fmt: skip
MARKUP = st.lists(st.sampled_from(PIECES)).map("".join)
slow = settings(
    deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
)


def check(name: str, content: bytes) -> None:
    """Fail unless the outcome is one of the two that we promise."""
    try:
        document = parse_bytes(name, content, limits=LIMITS)
    except InputError as error:
        check_sentence(name, str(error))
        return
    assert document.passages
    for passage in document.passages:
        for span in filter(None, (passage.body, passage.question)):
            assert span.of(document.text).strip()
            assert span.end <= len(document.text)


def check_sentence(name: str, sentence: str) -> None:
    """Fail unless an error names the file and all its fields are filled."""
    assert sentence.startswith(name)
    assert "{" not in sentence.replace(name, "").split("columns are")[0]


def damage(content: bytes, seed: int) -> bytes:
    """Return ``content`` with a few bytes changed, removed or repeated."""
    chance = random.Random(seed)
    changed = bytearray(content)
    for _ in range(chance.randint(1, 12)):
        at = chance.randrange(len(changed))
        if chance.random() < 0.6:
            changed[at] = chance.randrange(256)
        elif chance.random() < 0.5:
            del changed[at : at + chance.randint(1, 40)]
        else:
            changed[at:at] = changed[at : at + chance.randint(1, 400)]
        if not changed:
            return b"x"
    return bytes(changed)


@pytest.mark.full
@pytest.mark.parametrize("name", NAMES)
@settings(slow, max_examples=4)
@given(content=st.binary(min_size=1, max_size=500))
def test_random_bytes(name: str, content: bytes) -> None:
    check(name, HEADS.get(name[2:], b"") + content)


@pytest.mark.parametrize("name", NAMES[:4])
@settings(slow, max_examples=4)
@given(content=MARKUP)
def test_random_markup(name: str, content: str) -> None:
    check(name, content.encode() or b" ")


@settings(slow, max_examples=2)
@given(seed=st.integers(0, 1 << 32))
def test_good_files_with_damage(seed: int, samples: dict[str, bytes]) -> None:
    for name, content in samples.items():
        check(name, damage(content, seed))


@pytest.mark.full
@pytest.mark.parametrize("name", NAMES)
@settings(slow, max_examples=60)
@given(content=st.binary(min_size=1, max_size=3000))
def test_many_random_bytes(name: str, content: bytes) -> None:
    check(name, HEADS.get(name[2:], b"") + content)


@pytest.mark.full
@pytest.mark.parametrize("name", NAMES[:4])
@settings(slow, max_examples=60)
@given(content=MARKUP)
def test_much_random_markup(name: str, content: str) -> None:
    check(name, content.encode() or b" ")


@pytest.mark.full
@settings(slow, max_examples=30)
@given(seed=st.integers(0, 1 << 32))
def test_many_good_files_with_damage(seed: int, samples: dict[str, bytes]) -> None:
    for name, content in samples.items():
        check(name, damage(content, seed))
