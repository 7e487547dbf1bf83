"""新旧対照表: every line stands on its side, and what changed is marked as people read it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from akashi.documents.differences import Change, changed_rows, compare_texts

texts = st.lists(st.text("ab1,円。", max_size=8), max_size=6).map("\n".join)


def test_number_is_marked_as_a_whole() -> None:
    (row,) = compare_texts("年間13,200円", "年間14,300円")
    assert [piece.text for piece in row.old if piece.differs] == ["13,200"]
    assert [piece.text for piece in row.new if piece.differs] == ["14,300"]


@given(texts, texts)
def test_each_side_keeps_every_character(old: str, new: str) -> None:
    rows = compare_texts(old, new)
    left = ["".join(piece.text for piece in row.old) for row in rows if row.change is not Change.ADDED]
    right = ["".join(piece.text for piece in row.new) for row in rows if row.change is not Change.REMOVED]
    assert left == old.splitlines()
    assert right == new.splitlines()


@given(texts)
def test_same_text_has_no_changed_row(text: str) -> None:
    assert changed_rows(compare_texts(text, text)) == []
