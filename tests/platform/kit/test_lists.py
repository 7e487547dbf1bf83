"""Pages and sorting taken from an address that anybody may type."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.requests import Request

from akashi.platform.kit import Sort, read_page_number, read_sort, take_page


def asking(query: str) -> Request:
    return Request({"type": "http", "query_string": query.encode(), "headers": []})


@pytest.mark.parametrize(
    ("text", "number"), [("3", 3), ("0", 1), ("-2", 1), ("x", 1), ("²", 1), ("9" * 40, 1), ("", 1)]
)
def test_page_number_is_always_usable(text: str, number: int) -> None:
    assert read_page_number(asking(f"page={text}")) == number


def test_only_known_columns_are_sorted() -> None:
    assert read_sort(asking("sort=-name"), ["name", "at"], "-at") == Sort("name", descending=True)
    assert read_sort(asking("sort=password"), ["name", "at"], "-at") == Sort("at", descending=True)


@given(
    st.lists(st.integers()), st.integers(min_value=1, max_value=30), st.integers(min_value=-5, max_value=50)
)
def test_pages_together_hold_every_item_once(items: list[int], size: int, wild: int) -> None:
    count = take_page(items, 1, size).count
    assert [item for n in range(count) for item in take_page(items, n + 1, size).items] == items
    page = take_page(items, wild, size)
    assert 1 <= page.number <= page.count
    assert page.number in page.near
    assert page.last - page.first + 1 == len(page.items) or not items
