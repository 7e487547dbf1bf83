"""What an officer changes in a draft, with the difference kept; a number needs a ground there too.

An edit replaces, removes or adds one sentence. Where the data under it change afterwards, the edit is stale:
it stays, is shown, and must be looked at again before the paper goes its way.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from difflib import SequenceMatcher

from akashi.core.errors import InputError
from akashi.domains.loans.measure.drafting import Draft, Section
from akashi.domains.loans.measure.grounds import (
    Author,
    Fragment,
    Ground,
    GroundKind,
    Sentence,
    plain_words,
    trace_numbers,
)
from akashi.platform.kit.formats import write_moment

MOST_TEXT = 2_000
OWN = "own"


@dataclass(frozen=True, slots=True)
class Edit:
    """One change: ``text`` is empty where the sentence is removed; ``base`` is what the rules said then.

    ``author`` is the officer, or the endpoint whose wording an officer took over.
    """

    number: int
    sentence: str
    text: str = field(repr=False)
    basis: str = field(repr=False)
    base: str = field(repr=False)
    actor: str
    name: str = field(repr=False)
    at: datetime
    author: Author = Author.OFFICER


@dataclass(frozen=True, slots=True)
class Change:
    """A difference that stands in the paper: what the rules say, what the officer made of it."""

    section: str
    sentence: str
    before: str = field(repr=False)
    after: str = field(repr=False)
    edit: Edit = field(repr=False)
    is_stale: bool = False


@dataclass(frozen=True, slots=True)
class Edited:
    """A draft with its edits applied."""

    draft: Draft
    changes: tuple[Change, ...]

    @property
    def stale(self) -> tuple[Change, ...]:
        """Return the changes whose ground has moved."""
        return tuple(one for one in self.changes if one.is_stale)


def check_edit(draft: Draft, sentence: str, text: str, basis: str) -> str:
    """Return what the rules say at this place now (empty for an added sentence).

    Raises: InputError: no such place, too long, or a number that neither data nor the named ground bears.
    """
    section, _, name = sentence.partition(".")
    sections = {one.id: one for one in draft.sections}
    if section not in sections:
        raise InputError("There is no such sentence.", where="sentence")
    base = next((one.text for one in sections[section].sentences if one.id == sentence), None)
    if base is None and not name.startswith(OWN):
        raise InputError("There is no such sentence.", where="sentence")
    if len(text) > MOST_TEXT or len(basis) > MOST_TEXT:
        raise InputError("At most {most} characters.", where="text", most=MOST_TEXT)
    sources = [basis, *(ground.words for ground in draft.grounds.values())]
    untraced = trace_numbers(text, sources)
    if untraced:
        raise InputError(
            "The number {number} stands in no data of this application.",
            where="text",
            next_step="Correct it, or name the paper it comes from together with the number as its ground.",
            number=untraced[0].number,
        )
    return base or ""


def apply_edits(draft: Draft, edits: Iterable[Edit]) -> Edited:
    """Return the draft with the newest edit of each sentence applied; the older ones are history."""
    newest = {edit.sentence: edit for edit in sorted(edits, key=lambda one: one.number)}
    grounds: dict[str, Ground] = dict(draft.grounds)
    changes: list[Change] = []
    sections = []
    for section in draft.sections:
        own = {name: edit for name, edit in newest.items() if name.startswith(f"{section.id}.")}
        kept, made = _apply_section(section, own, grounds)
        changes += made
        sections.append(replace(section, sentences=kept))
    return Edited(replace(draft, sections=tuple(sections), grounds=grounds), tuple(changes))


def _apply_section(
    section: Section, edits: Mapping[str, Edit], grounds: dict[str, Ground]
) -> tuple[tuple[Sentence, ...], list[Change]]:
    present = {one.id: one for one in section.sentences}
    sentences: list[Sentence] = []
    changes: list[Change] = []
    for name, sentence in present.items():
        edit = edits.get(name)
        if edit is None or edit.text == sentence.text:
            sentences.append(sentence)
            continue
        is_stale = edit.base != sentence.text
        changes.append(Change(section.id, name, sentence.text, edit.text, edit, is_stale))
        if edit.text:
            sentences.append(_word(edit, sentence.grounds, grounds))
    for name, edit in edits.items():
        if name in present or not edit.text:
            continue
        changes.append(Change(section.id, name, "", edit.text, edit, is_stale=bool(edit.base)))
        sentences.append(_word(edit, (), grounds))
    return tuple(sentences), changes


def _word(edit: Edit, before: tuple[str, ...], grounds: dict[str, Ground]) -> Sentence:
    """Return an officer's sentence on the grounds that bear its numbers, and on the officer himself."""
    own = f"edit:{edit.number}"
    bearing = [
        name
        for name in (*before, *(other for other in grounds if other not in before))
        if not name.startswith("edit:") and _bears(grounds[name], edit.text)
    ]
    grounds[own] = Ground(
        own,
        GroundKind.OFFICER,
        "担当者の加筆" if edit.author is Author.OFFICER else "担当者が確かめた文章整形",
        plain_words(edit.basis) or "担当者の所見",
        "",
        f"{plain_words(edit.name)} {write_moment(edit.at, 'ja')}",
    )
    is_reworded = edit.author is Author.ENDPOINT
    chosen = list(before) if is_reworded else _enough(edit.text, bearing, grounds)
    pieces = (Fragment(plain_words(edit.text), own), *(Fragment("", name) for name in chosen))
    return Sentence(edit.sentence, pieces, edit.author, edit.basis)


def _bears(ground: Ground, text: str) -> bool:
    return len(trace_numbers(text, [ground.words])) < len(trace_numbers(text, []))


def _enough(text: str, names: list[str], grounds: Mapping[str, Ground]) -> list[str]:
    """Return the first grounds that together bear every number of a text that any of them bears."""
    chosen: list[str] = []
    left = len(trace_numbers(text, []))
    for name in names:
        with_it = len(trace_numbers(text, [grounds[one].words for one in (*chosen, name)]))
        if with_it < left:
            chosen.append(name)
            left = with_it
        if not left:
            break
    return chosen


def mark_difference(before: str, after: str) -> tuple[tuple[str, str], ...]:
    """Return the pieces of both texts in order, each with same, gone or new.

    >>> mark_difference("金額は5円", "金額は6円")
    (('金額は', 'same'), ('5', 'gone'), ('6', 'new'), ('円', 'same'))
    """
    found: list[tuple[str, str]] = []
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    for kind, first, last, start, end in matcher.get_opcodes():
        if kind == "equal":
            found.append((before[first:last], "same"))
            continue
        if before[first:last]:
            found.append((before[first:last], "gone"))
        if after[start:end]:
            found.append((after[start:end], "new"))
    return tuple(found)
