"""Values with valid check digits, drawn from a seed, and the ways in which people write them."""

from __future__ import annotations

import random
from collections.abc import Callable

_WIDE = str.maketrans("0123456789-", "０１２３４５６７８９－")
_KANJI = str.maketrans("0123456789", "〇一二三四五六七八九")
_CIRCLED = str.maketrans("0123456789", "⓪①②③④⑤⑥⑦⑧⑨")

WAYS: dict[str, Callable[[str], str]] = {
    "plain": str,
    "full_width": lambda value: value.translate(_WIDE),
    "kanji": lambda value: value.translate(_KANJI).replace("-", "ー"),
    "circled": lambda value: value.translate(_CIRCLED),
    "bars": lambda value: value.replace("-", "―"),
    "en_dash": lambda value: value.replace("-", "–"),
    "zero_width": lambda value: "\u200b".join(value),
    "soft_hyphen": lambda value: "\u00ad".join(value),
    "spaced": lambda value: " ".join(value),
    "lines": lambda value: "\n".join(value),
}


def mobile(pick: random.Random) -> str:
    """Return a mobile number."""
    return f"0{pick.choice('789')}0-{pick.randrange(1000, 9999)}-{pick.randrange(10**4):04}"


def landline(pick: random.Random) -> str:
    """Return a number of a fixed line."""
    area, local = pick.choice([("03", 4), ("06", 4), ("045", 3), ("0465", 2), ("011", 3)])
    return f"{area}-{pick.randrange(2 * 10 ** (local - 1), 9 * 10 ** (local - 1))}-{pick.randrange(10**4):04}"


def card(pick: random.Random) -> str:
    """Return a card number that passes Luhn."""
    body = [4, *(pick.randrange(10) for _ in range(14))]
    total = sum(value if at % 2 else (value * 2 - 9 * (value > 4)) for at, value in enumerate(body))
    number = "".join(map(str, [*body, -total % 10]))
    return "-".join(number[at : at + 4] for at in range(0, 16, 4))


def my_number(pick: random.Random) -> str:
    """Return a My Number with its check digit."""
    body = [pick.randrange(10) for _ in range(11)]
    rest = sum(body[10 - at] * (at + 2 if at < 6 else at - 4) for at in range(11)) % 11
    return "".join(map(str, [*body, 0 if rest <= 1 else 11 - rest]))


def corporate_number(pick: random.Random) -> str:
    """Return a corporate number with its check digit."""
    body = [pick.randrange(10) for _ in range(12)]
    rest = sum(value * (2 if at % 2 == 0 else 1) for at, value in enumerate(body)) % 9
    return "".join(map(str, [9 - rest, *body]))


def account(pick: random.Random) -> str:
    """Return the seven digits of an account."""
    return f"{pick.randrange(10**6, 10**7)}"


MESSAGES: tuple[tuple[str, str, Callable[[random.Random], str]], ...] = (
    ("phone", "折り返しのお電話は{}までお願いいたします。", mobile),
    ("phone", "会社の固定電話（{}）でも構いません。", landline),
    ("card", "クレジットカード{}の利用明細に身に覚えがありません。", card),
    ("my_number", "届け出るマイナンバーは{}で合っていますか。", my_number),
    ("corporate_number", "当社（法人番号{}）の残高証明書が必要です。", corporate_number),
    ("bank_account", "普通預金の口座番号{}から引き出せません。", account),
    ("driver_licence", "運転免許証の番号（{}）を登録しました。", my_number),
    (
        "postal_code",
        "郵便番号は{}です。",
        lambda pick: f"{pick.randrange(100, 999)}-{pick.randrange(10**4):04}",
    ),
)
