"""Lost card, fraud, disaster: what a customer must be told before anything is looked up.

Pure rules over ``data/emergency.toml``. No index, no database, no endpoint: a number is found even when
everything else is stopped.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import product

from akashi.core.spans import Interval
from akashi.language.normalise import normalise
from akashi.language.tokens import read_tokens

AS_WRITTEN = "="
MOST_PLACES = 12
HIDDEN = "\x00"


@dataclass(frozen=True, slots=True)
class Phrase:
    """One phrase: normalised words in order, or a piece of text as written."""

    words: tuple[str, ...] = ()
    text: str = ""


@dataclass(frozen=True, slots=True)
class Topic:
    """An emergency and the patterns that tell of it; each pattern is a row of groups of phrases."""

    name: str
    title: str
    window: int
    ignore: tuple[Phrase, ...]
    patterns: tuple[tuple[tuple[Phrase, ...], ...], ...]


@dataclass(frozen=True, slots=True)
class _Read:
    """A text without blanks, where each of its letters stands, and its words with their places."""

    text: str
    places: tuple[int, ...]
    forms: tuple[str, ...]
    spans: tuple[Interval, ...]


@cache
def known_topics() -> Mapping[str, Topic]:
    """Return the topics by name, in the order in which they are shown."""
    raw = files("akashi.domains.assistant").joinpath("data/emergency.toml").read_text(encoding="utf-8")
    return {name: _read_topic(name, table) for name, table in tomllib.loads(raw).items()}


def find_topics(text: str) -> tuple[str, ...]:
    """Return the names of the emergencies that a customer's words tell of.

    >>> find_topics("キャッシュカードをなくしました"), find_topics("カードを作りたい")
    (('lost',), ())
    """
    read = _read(text)
    return tuple(topic.name for topic in known_topics().values() if _meets(read, topic))


def _meets(read: _Read, topic: Topic) -> bool:
    left = _without(read, topic.ignore)
    return any(_meets_pattern(left, pattern, topic.window) for pattern in topic.patterns)


def _meets_pattern(read: _Read, pattern: Sequence[Sequence[Phrase]], window: int) -> bool:
    places = [_places(read, group) for group in pattern]
    if not all(places):
        return False
    return any(
        max(one.end for one in chosen) - min(one.start for one in chosen) <= window
        for chosen in product(*places)
    )


def _places(read: _Read, group: Sequence[Phrase]) -> list[Interval]:
    found: list[Interval] = []
    for phrase in group:
        found += _find(read, phrase)
        if len(found) >= MOST_PLACES:
            break
    return found[:MOST_PLACES]


def _find(read: _Read, phrase: Phrase) -> list[Interval]:
    if phrase.text:
        found: list[Interval] = []
        size, at = len(phrase.text), read.text.find(phrase.text)
        while at >= 0 and len(found) < MOST_PLACES:
            found.append(Interval(read.places[at], read.places[at + size - 1] + 1))
            at = read.text.find(phrase.text, at + size)
        return found
    size = len(phrase.words)
    return [
        Interval(read.spans[at].start, read.spans[at + size - 1].end)
        for at in range(len(read.forms) - size + 1)
        if read.forms[at : at + size] == phrase.words
    ]


def _without(read: _Read, ignore: Sequence[Phrase]) -> _Read:
    """Return the text with everything inside ``ignore`` phrases blanked out."""
    hidden = [place for phrase in ignore for place in _find(read, phrase)]
    if not hidden:
        return read
    letters = [
        HIDDEN if any(place.start <= at < place.end for place in hidden) else letter
        for letter, at in zip(read.text, read.places, strict=True)
    ]
    kept = [
        (form, span)
        for form, span in zip(read.forms, read.spans, strict=True)
        if not any(place.covers(span) for place in hidden)
    ]
    forms, spans = tuple(form for form, _ in kept), tuple(span for _, span in kept)
    return _Read("".join(letters), read.places, forms, spans)


def _read(text: str) -> _Read:
    plain = normalise(text).text.lower()
    places = tuple(at for at, letter in enumerate(plain) if not letter.isspace())
    tokens = read_tokens(plain)
    return _Read(
        "".join(plain[at] for at in places),
        places,
        tuple(token.form for token in tokens),
        tuple(token.span for token in tokens),
    )


def _read_topic(name: str, table: Mapping[str, object]) -> Topic:
    ignore, patterns, window = table["ignore"], table["patterns"], table["window"]
    if not isinstance(ignore, list) or not isinstance(patterns, list) or not isinstance(window, int):
        raise TypeError(f"emergency.toml: {name} is not a topic")
    return Topic(
        name,
        str(table["title"]),
        window,
        tuple(_read_phrase(one) for one in ignore),
        tuple(tuple(tuple(_read_phrase(one) for one in group) for group in pattern) for pattern in patterns),
    )


def _read_phrase(text: str) -> Phrase:
    if text.startswith(AS_WRITTEN):
        return Phrase(text="".join(normalise(text.removeprefix(AS_WRITTEN)).text.lower().split()))
    return Phrase(words=tuple(token.form for token in read_tokens(text)))
