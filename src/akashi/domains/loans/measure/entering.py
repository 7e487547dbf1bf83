"""What an officer types at the desk becomes a value, strictly: one amount, one rate, one of the choices."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal

from akashi.core.errors import InputError
from akashi.domains.loans.model import Item, ItemKind, ItemValue
from akashi.language.quantities import Kind, read_quantities

MOST_YEN = 10_000_000_000_000
_PLAIN = re.compile(r"[-△▲]?[\d,]+円?")
_RATE = re.compile(r"(\d{1,2}(?:\.\d{1,4})?)%")


def read_entry(item: Item, text: str) -> ItemValue:
    """Return the value that ``text`` says for one of the officer's items.

    Raises: InputError: it is not exactly one value of this kind; nothing is guessed.
    """
    plain = re.sub(r"\s", "", unicodedata.normalize("NFKC", text))
    match item.kind:
        case ItemKind.AMOUNT:
            return _read_amount(item, plain)
        case ItemKind.RATE:
            found = _RATE.fullmatch(plain)
            if found is None or Decimal(found[1]) > 30:
                raise InputError("Write the yearly rate in percent, for example 2.4%.", where=item.id)
            return str((Decimal(found[1]) / 100).normalize())
        case ItemKind.CHOICE:
            if plain not in {choice.id for choice in item.choices}:
                raise InputError("Choose one of the list.", where=item.id)
            return plain
        case _:
            raise InputError("This item is not entered at the desk.", where=item.id)


def _read_amount(item: Item, plain: str) -> int:
    if _PLAIN.fullmatch(plain):
        yen = int(re.sub(r"[-△▲,円]", "", plain) or "-1")
        yen = -yen if plain[0] in "-△▲" else yen
        if abs(yen) <= MOST_YEN and re.sub(r"[-△▲,円]", "", plain):
            return yen
    bare = plain.lstrip("-△▲")
    amounts = read_quantities(bare)
    is_one = len(amounts) == 1 and amounts[0].kind is Kind.AMOUNT and amounts[0].certain
    if is_one and amounts[0].span.of(bare) == bare and abs(Decimal(amounts[0].value)) <= MOST_YEN:
        yen = int(Decimal(amounts[0].value))
        return -yen if bare != plain else yen
    raise InputError("Write one amount in yen, for example 12,000,000 or 1,200万円.", where=item.id)
