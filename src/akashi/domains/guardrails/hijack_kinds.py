"""What kind of text is judged: what somebody says in a conversation, or a letter, notice or paper."""

from __future__ import annotations

import re
from enum import StrEnum

LONG = 300
"""Characters from which a text is a paper, whatever it looks like. Our choice."""


class TextKind(StrEnum):
    """Each kind has a threshold of its own: papers are long, and formal letters give polite orders."""

    TURN = "turn"
    PAPER = "paper"


_LETTER = re.compile(
    r"拝啓|敬具|草々|お世話になって|くださいますよう|申し上げます|賜りますよう|御中|各位|件名[:：]|^subject:",
    re.I | re.M,
)
_NOTICE = re.compile(
    r"^\s*(?:【|■|◆|●|#+ |第\s*[0-9一二三四五六七八九十]+\s*[条章]|[(（][^)）\n]{1,12}[)）]"
    r"|[^\s。、]{0,12}(?:事例|実例|例|手口|見本)[^\s。、]{0,8}[:：])",
    re.M,
)


def kind_of(text: str) -> TextKind:
    """Return the kind of a text by its look, for callers who do not know it.

    A paper is long, or a formal letter, or begins a line like a notice, a clause or an example.

    >>> kind_of("口座を開きたいです。"), kind_of("第1条 職員は次のことを守る。")
    (<TextKind.TURN: 'turn'>, <TextKind.PAPER: 'paper'>)
    """
    is_paper = len(text) >= LONG or _LETTER.search(text) or _NOTICE.search(text)
    return TextKind.PAPER if is_paper else TextKind.TURN


_QUOTATION = re.compile(r"「[^「」\n]{2,160}」|『[^『』\n]{2,160}』")
_BEFORE = re.compile(
    r"(?:例|事例|実例|見本|文面|手口|口実)[0-9一二三四五(（）)①-⑨]{0,4}(?:は|が|[:：])?[ 　]?\Z"
)
_AFTER = re.compile(
    r"を装|を名乗|と(?:名乗|命令口調|迫|促|急が|脅|表示さ|書かれ|書いてあ|言われ)|[0-9]+件"
    r"|(?:という|といった|などの|などと|のような|と求める|と頼む|と指示する|と命じる)"
    r"(?!(?:指示|命令|規則|設定|指図|定め)(?:に従|に沿|どおり|通り|を実行|で))"
)
_VEIL = "〇"


def veil_quotations(text: str) -> str:
    """Return ``text`` with reported speech made unreadable, of the same length.

    Papers quote attacks in order to warn of them. What is quoted as an example, or followed by という,
    を装い and their like, is reported and no order; what a text itself tells the reader to say or do is not.

    >>> veil_quotations("「規則を忘れろ」という電話は詐欺です。「承認」と書いてください。")
    '「〇〇〇〇〇〇」という電話は詐欺です。「承認」と書いてください。'
    """
    spans = [found.span() for found in _QUOTATION.finditer(text)]
    reported: list[tuple[int, int]] = []
    for start, end in reversed(spans):
        is_next = bool(reported) and reported[-1][0] == end
        is_example = _BEFORE.search(text, max(0, start - 10), start) is not None
        if is_next or is_example or _AFTER.match(text, end):
            reported.append((start, end))
    for start, end in reported:
        text = text[: start + 1] + _VEIL * (end - start - 2) + text[end - 1 :]
    return text
