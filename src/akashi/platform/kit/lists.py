"""Long lists: pages and sorting, both in the address so that a view can be sent to a colleague."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from starlette.requests import Request

T = TypeVar("T")
PAGE_SIZE = 50
_LAST_PAGE = 1_000_000


@dataclass(frozen=True, slots=True)
class Sort:
    """``?sort=name`` or ``?sort=-name``."""

    key: str
    descending: bool = False


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """One page of a list; ``number`` starts at 1, ``total`` counts all items."""

    items: Sequence[T]
    number: int
    total: int
    size: int = PAGE_SIZE

    @property
    def count(self) -> int:
        """Return how many pages there are; an empty list has one."""
        return max(1, -(-self.total // self.size))

    @property
    def first(self) -> int:
        """Return the place of the first item shown, from 1; 0 for an empty list."""
        return (self.number - 1) * self.size + 1 if self.items else 0

    @property
    def last(self) -> int:
        """Return the place of the last item shown."""
        return self.first + len(self.items) - 1 if self.items else 0

    @property
    def near(self) -> tuple[int | None, ...]:
        """Return the page numbers worth a link; None stands for a gap.

        >>> Page([0] * 50, 6, 1000).near
        (1, None, 5, 6, 7, None, 20)
        """
        wanted = sorted(
            {1, self.count, *(n for n in range(self.number - 1, self.number + 2) if 1 <= n <= self.count)}
        )
        found: list[int | None] = []
        for number in wanted:
            before = found[-1] if found else None
            if before is not None and number - before > 1:
                found.append(before + 1 if number - before == 2 else None)
            found.append(number)
        return tuple(found)


def take_page(items: Sequence[T], number: int, size: int = PAGE_SIZE) -> Page[T]:
    """Return one page of a list that is already in memory; a number past the end gives the last page.

    >>> take_page([1, 2, 3, 4, 5], 2, 2).items
    [3, 4]
    """
    number = min(max(1, number), max(1, -(-len(items) // size)))
    return Page(items[(number - 1) * size : number * size], number, len(items), size)


def read_page_number(request: Request) -> int:
    """Return ``?page=``; 1 when it is absent or not a number."""
    text = request.query_params.get("page", "1")
    return min(max(1, int(text)), _LAST_PAGE) if text.isascii() and text.isdigit() and len(text) < 10 else 1


def read_sort(request: Request, allowed: Sequence[str], default: str) -> Sort:
    """Return ``?sort=`` when its key is in ``allowed``, else ``default`` (``name`` or ``-name``)."""
    text = request.query_params.get("sort", default)
    if text.removeprefix("-") not in allowed:
        text = default
    return Sort(text.removeprefix("-"), text.startswith("-"))
