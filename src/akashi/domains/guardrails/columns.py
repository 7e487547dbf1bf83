"""Personal data in pasted tables: a first row that names the columns, and rows of as many cells below it."""

from __future__ import annotations

import functools
import re
import tomllib
from collections.abc import Iterator
from importlib.resources import files

from akashi.domains.guardrails.model import Kind
from akashi.domains.guardrails.numbers import Hit

_FEWEST_CELLS = 3
_MARKS = ",\t|;"
_LONGEST_NAME = 16
_QUOTES = " \"'"
_HEADER = re.compile(r"^[^\n0-9。]*[,\t|;][^\n0-9。]*[,\t|;][^\n0-9。]*$", re.MULTILINE)
_SHAPES = {
    Kind.PERSON: r"[^\W0-9_][^0-9@。、:/]{0,28}[^\W0-9_]",
    Kind.ADDRESS: r"[^\n]*[^\W0-9_][^\n]*[0-9][^\n]*",
    Kind.PHONE: r"[+(0][-0-9() +]{8,18}",
    Kind.POSTAL_CODE: r"〒? ?[0-9]{3}-?[0-9]{4}",
    Kind.BIRTH_DATE: r"[MTSHRmtshr明大昭平令]?[一-鿿]?[0-9元]{1,4}[-./年]?[0-9]{1,2}[-./月]?[0-9]{1,2}日?",
    Kind.BANK_ACCOUNT: r"[0-9]{3}|[0-9][-0-9 ]{3,7}[0-9]",
    Kind.CARD: r"[0-9][-0-9 ]{12,18}[0-9]",
    Kind.MY_NUMBER: r"[0-9](?:[- ]?[0-9]){11}",
    Kind.CORPORATE_NUMBER: r"[Tt]?[0-9](?:[- ]?[0-9]){12}",
    Kind.DRIVER_LICENCE: r"[0-9](?:[- ]?[0-9]){11}",
    Kind.PASSPORT: r"[A-Za-z]{1,2}[0-9]{7}",
}
_FITS = {kind: re.compile(shape) for kind, shape in _SHAPES.items()}
_REASONS = {
    Kind.PERSON: "A person's name.",
    Kind.ADDRESS: "An address.",
    Kind.PHONE: "A telephone number.",
    Kind.POSTAL_CODE: "A postal code.",
    Kind.BIRTH_DATE: "A date of birth.",
    Kind.BANK_ACCOUNT: "An account number.",
    Kind.CARD: "A card number.",
    Kind.MY_NUMBER: "A My Number.",
    Kind.CORPORATE_NUMBER: "A corporate number.",
    Kind.DRIVER_LICENCE: "A driver's licence number.",
    Kind.PASSPORT: "A passport number.",
}


@functools.cache
def _known() -> tuple[dict[str, Kind], re.Pattern[str]]:
    """Return the kinds of columns by their names, and what in a person's column is nobody."""
    raw = files("akashi.domains.guardrails").joinpath("data/columns.toml").read_text(encoding="utf-8")
    lists: dict[str, list[str]] = tomllib.loads(raw)
    nobody = re.compile("|".join(map(re.escape, lists.pop("nobody"))))
    return {name: Kind(kind) for kind, names in lists.items() for name in names}, nobody


def find_in_columns(text: str) -> Iterator[Hit]:
    """Yield the cells of a view of ``language.digits`` that stand under the name of a personal field.

    A table is a row of three or more names, of which two are known, parted by commas, tabs, bars or
    semicolons, and the rows of as many cells right below it.
    """
    for header in _HEADER.finditer(text) if "\n" in text else ():
        mark = next(one for one in _MARKS if one in header.group())
        kinds = [_kind_of(text[start:end]) for start, end in _cells(text, *header.span(), mark)]
        if len(kinds) >= _FEWEST_CELLS and sum(kind is not None for kind in kinds) > 1:
            yield from _rows(text, header.end() + 1, mark, kinds)


def _kind_of(name: str) -> Kind | None:
    plain = re.sub(r"[\s_\-*.()「」\"']", "", name).casefold()
    return (
        _known()[0].get(plain.removeprefix("ご").removeprefix("お")) if len(plain) <= _LONGEST_NAME else None
    )


def _rows(text: str, at: int, mark: str, kinds: list[Kind | None]) -> Iterator[Hit]:
    while at < len(text):
        end = text.find("\n", at)
        end = len(text) if end < 0 else end
        cells = list(_cells(text, at, end, mark))
        if len(cells) != len(kinds):
            return
        for kind, (start, stop) in zip(kinds, cells, strict=True):
            cell = text[start:stop]
            if kind is None or not _FITS[kind].fullmatch(cell):
                continue
            if kind is not Kind.PERSON or _known()[1].search(cell) is None:
                yield Hit(start, stop, kind, _REASONS[kind])
        at = end + 1


def _cells(text: str, start: int, end: int, mark: str) -> Iterator[tuple[int, int]]:
    """Yield where the cells of a row stand, without their quotation marks and the bars at its ends."""
    if mark == "|":
        start += len(text[start:end]) - len(text[start:end].lstrip("| "))
        end -= len(text[start:end]) - len(text[start:end].rstrip("| "))
    while start <= end:
        stop = text.find(mark, start, end)
        stop = end if stop < 0 else stop
        cell = text[start:stop]
        yield (
            start + len(cell) - len(cell.lstrip(_QUOTES)),
            max(start, stop - len(cell) + len(cell.rstrip(_QUOTES))),
        )
        start = stop + 1
