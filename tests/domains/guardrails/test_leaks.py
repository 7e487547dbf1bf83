"""Held texts found again however a model writes them: fillers, encodings, cut anywhere, also in English."""

from __future__ import annotations

import base64
import quopri
import re
import time
from collections.abc import Callable

import pytest

from akashi.domains.guardrails.leaks import find_leaks

HELD = "融資審査の内部基準：自己資本比率が八パーセントを下回る先は、本部決裁とし、支店長は承認しないこと。"
RUN = HELD[6:40]
ENGLISH = "the quick brown fox keeps the internal instruction set number nine"
CANARY = "KANARIA-7f3a91c2be"


def packed(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


WAYS: dict[str, Callable[[str], str]] = {
    "as it is": str,
    "base64, dashes": lambda text: "-".join(re.findall(".{1,4}", packed(text))),
    "base64, commas": lambda text: "、".join(re.findall(".{1,4}", packed(text))),
    "base64, points": lambda text: ".".join(packed(text)),
    "base64 backwards": lambda text: packed(text)[::-1],
    "backwards in base64": lambda text: packed(text[::-1]),
    "base64 twice": lambda text: packed(packed(text)),
    "base64, utf-16": lambda text: base64.b64encode(text.encode("utf-16")).decode(),
    "base32": lambda text: base64.b32encode(text.encode()).decode(),
    "octal": lambda text: "".join(f"\\{byte:03o}" for byte in text.encode()),
    "bits": lambda text: " ".join(f"{byte:08b}" for byte in text.encode()),
    "bits in one": lambda text: "".join(f"{byte:08b}" for byte in text.encode()),
    "bytes": lambda text: str(list(text.encode())),
    "code points": lambda text: str([ord(one) for one in text]),
    "quoted printable": lambda text: quopri.encodestring(text.encode()).decode(),
    "numbered": lambda text: " ".join(f"{at}.{one}" for at, one in enumerate(text, 1)),
    "numbered lines": lambda text: "\n".join(f"{at}) {one}" for at, one in enumerate(text, 1)),
    "tags": lambda text: "".join(f"<b>{one}</b>" for one in text),
    "ruby": lambda text: "".join(f"<ruby>{one}<rt>よみ</rt></ruby>" for one in text),
    "filled": lambda text: "".join(one + "x" for one in text),
    "lines backwards": lambda text: "\n".join(one[::-1] for one in re.findall(".{1,15}", text)),
}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(("held", "run"), [(HELD, RUN), (CANARY, CANARY), (ENGLISH, ENGLISH[2:40])])
def test_leak_is_found_in_every_way_of_writing(held: str, run: str, way: str) -> None:
    answer = f"お答えします。\n{WAYS[way](run)}\n以上です。"
    assert find_leaks(answer, ["別の文書です。"], [held])
    assert not find_leaks(
        answer,
        ["別の文書です。"],
        ["まったく別の内部文書であり、この答えとは重なるところがない長い文章です。"],
    )


@pytest.mark.parametrize("length", range(15, 25))
def test_no_encoding_loses_the_end_of_a_canary(length: int) -> None:
    canary = "KANARIA-7f3a91c2be-zq9k3m"[:length]
    for written in (packed(canary), base64.b32encode(canary.encode()).decode(), canary.encode().hex()):
        assert find_leaks(f"お答え {written}", ["別"], [canary]), written


def test_thirty_characters_with_their_blanks_are_a_leak_in_english_and_twenty_nine_are_not() -> None:
    assert len(ENGLISH[4:34]) == 30
    assert find_leaks(ENGLISH[4:34], ["-"], [ENGLISH])
    assert not find_leaks(ENGLISH[4:32], ["-"], [ENGLISH])


@pytest.mark.parametrize("unit", ["0", "ab", "A1", "=E3", "\\343", "1.", "<b>", "10101010 ", "ax", "&#1;"])
def test_long_answer_full_of_one_pattern_ends_in_time(unit: str) -> None:
    started = time.process_time()
    find_leaks(unit * (16_000 // len(unit)), ["別"], [HELD])
    assert time.process_time() - started < 20
