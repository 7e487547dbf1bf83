"""The child process itself: its limits, what it loads, and that its answers are not believed."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from akashi.documents.parsing.draft import Source
from akashi.documents.parsing.limits import Limits
from akashi.documents.parsing.wire import (
    MalformedError,
    decode_answer,
    decode_request,
    encode_request,
)

HEAVY = ("docx", "lxml", "markdown_it", "openpyxl", "pptx", "pypdfium2", "sqlalchemy", "fastapi")
PROBE = """
import os, resource, sys
from akashi.documents.parsing.child import restrict
from akashi.documents.parsing.limits import Limits
restrict(Limits(seconds=2.5, memory_bytes=300_000_000))
print([resource.getrlimit(kind) for kind in (resource.RLIMIT_AS, resource.RLIMIT_CPU)])
try:
    bytearray(400_000_000)
except MemoryError:
    print("memory")
"""


def run_python(code: str) -> str:
    command = (sys.executable, "-I", "-c", code)
    return subprocess.run(command, env={}, capture_output=True, text=True, check=True).stdout


def test_child_loads_only_what_every_format_needs() -> None:
    loaded = run_python("import sys, akashi.documents.parsing.child; print(sorted(sys.modules))")
    assert not [name for name in HEAVY if f"'{name}'" in loaded]


def test_limits_hold_in_the_child() -> None:
    lines = run_python(PROBE).splitlines()
    assert lines == ["[(300000000, 300000000), (3, 4)]", "memory"]


def test_request_survives_the_wire() -> None:
    source = Source("手数料\n.txt", Limits(pages=7, seconds=1.5), "/usr/bin/tesseract")
    line = encode_request(source)
    assert line.count(b"\n") == 1
    assert decode_request(line) == source


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"[]",
        b"{}",
        b"[" * 100_000,
        b'{"error": []}',
        b'{"error": {"message": 1}}',
        b'{"document": {"text": 1}}',
        b'{"document": {"text": "ab", "media_type": "x", "warnings": [], "passages": [[]]}}',
    ],
)
def test_answer_of_a_child_that_was_taken_over_is_not_believed(answer: bytes) -> None:
    with pytest.raises(MalformedError):
        decode_answer(answer)


@pytest.mark.parametrize("body", [[0, 0], [0, 9], [2, 1], [-1, 1], [1, 2], ["0", "1"], [0]])
def test_passage_outside_the_text_or_blank_is_not_believed(body: list[object]) -> None:
    passage = ["section", [], None, body, None]
    document = {"text": "a b", "media_type": "x", "passages": [passage], "warnings": []}
    with pytest.raises(MalformedError):
        decode_answer(json.dumps({"document": document}).encode())


def test_child_without_request_ends_with_a_traceback_and_no_answer() -> None:
    command = (sys.executable, "-I", "-m", "akashi.documents.parsing.child")
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, check=False)
    assert done.returncode == 1
    assert done.stdout == b""
    assert b"JSONDecodeError" in done.stderr
