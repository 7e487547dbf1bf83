"""Personal data in pasted tables: a first row that names the columns, and rows of as many cells below it."""

from __future__ import annotations

import functools
import re
import tomllib
import unicodedata
from collections.abc import Iterator, Sequence
from importlib.resources import files

from akashi.domains.guardrails.model import Kind
from akashi.domains.guardrails.numbers import Hit

_FEWEST_CELLS = 3
_MARKS = ",\t|;，｜；"
_LONGEST_NAME = 16
_BRANCH = "branch"
_QUOTES = " 　\r\"'"
_HEADER = re.compile(rf"^(?=[^\n]{{0,40}}[{_MARKS}])[^\n0-9。]{{5,300}}$", re.MULTILINE)
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
def _known() -> tuple[dict[str, str], re.Pattern[str]]:
    """Return the kinds of columns by their names, and what in a person's column is nobody."""
    raw = files("akashi.domains.guardrails").joinpath("data/columns.toml").read_text(encoding="utf-8")
    lists: dict[str, list[str]] = tomllib.loads(raw)
    nobody = re.compile("|".join(map(re.escape, lists.pop("nobody"))))
    return {name: kind for kind, names in lists.items() for name in names}, nobody


def find_in_columns(text: str) -> Iterator[Hit]:
    """Yield the cells of a text, as it was written, that stand under the name of a personal field.

    A table is a row of three or more names, of which two are known, parted by commas, tabs, bars or
    semicolons, and the rows of as many cells right below it.
    """
    reached = 0
    for header in _HEADER.finditer(text) if "\n" in text else ():
        if header.start() < reached:
            continue
        mark = next(one for one in _MARKS if one in header.group())
        kinds = [_kind_of(text[start:end]) for start, end in _cells(text, *header.span(), mark)]
        if len(kinds) >= _FEWEST_CELLS and sum(map(bool, kinds)) > 1:
            meant = [_meant(kind, kinds) for kind in kinds]
            for end, hits in _rows(text, header.end() + 1, mark, meant):
                reached = end
                yield from hits


def _kind_of(name: str) -> str:
    """Return what a column of this name holds, as data/columns.toml calls it; empty where it is not known."""
    plain = re.sub(r"[\s_\-*.()「」\"']", "", unicodedata.normalize("NFKC", name)).casefold()
    return (
        _known()[0].get(plain.removeprefix("ご").removeprefix("お"), "")
        if len(plain) <= _LONGEST_NAME
        else ""
    )


def _meant(kind: str, kinds: Sequence[str]) -> Kind | None:
    """Return what is personal in a column; a branch number is so beside an account's."""
    if kind == _BRANCH:
        return Kind.BANK_ACCOUNT if Kind.BANK_ACCOUNT.value in kinds else None
    return Kind(kind) if kind else None


def _rows(text: str, at: int, mark: str, kinds: Sequence[Kind | None]) -> Iterator[tuple[int, list[Hit]]]:
    """Yield where each row of a table ends, with what is personal in it."""
    while at < len(text):
        end = text.find("\n", at)
        end = len(text) if end < 0 else end
        if text.count(mark, at, end) > 2 * len(kinds):
            return
        cells = list(_cells(text, at, end, mark))
        if len(cells) != len(kinds):
            return
        yield (
            end,
            [
                Hit(*cell, kind, _REASONS[kind])
                for kind, cell in zip(kinds, cells, strict=True)
                if kind is not None and _fits(kind, text[slice(*cell)])
            ],
        )
        at = end + 1


def _fits(kind: Kind, cell: str) -> bool:
    cell = unicodedata.normalize("NFKC", cell)
    is_nobody = kind is Kind.PERSON and (_known()[1].search(cell) is not None or bool(_kind_of(cell)))
    return not is_nobody and _FITS[kind].fullmatch(cell) is not None


def _cells(text: str, start: int, end: int, mark: str) -> Iterator[tuple[int, int]]:
    """Yield where the cells of a row stand, without their quotation marks and the bars at its ends."""
    if mark in "|｜":
        start += len(text[start:end]) - len(text[start:end].lstrip("|｜ "))
        end -= len(text[start:end]) - len(text[start:end].rstrip("|｜ "))
    while start <= end:
        stop = text.find(mark, start, end)
        stop = end if stop < 0 else stop
        cell = text[start:stop]
        yield (
            start + len(cell) - len(cell.lstrip(_QUOTES)),
            max(start, stop - len(cell) + len(cell.rstrip(_QUOTES))),
        )
        start = stop + 1
