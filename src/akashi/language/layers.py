"""Every text that a text holds: as written, cleaned, and what is encoded in it, to a fixed depth."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from akashi.core.spans import Interval
from akashi.language.cleaning import STEPS
from akashi.language.decoding import DECODERS, decode_invisible
from akashi.language.normalise import normalise
from akashi.language.traced import Traced, as_written

MAX_DEPTH = 3
MAX_LAYERS = 64


@dataclass(frozen=True, slots=True)
class Layer:
    """One text that can be read in another, with the way back to the original.

    ``path`` says how it was obtained, outermost first: empty for the text as written (normalised),
    then names such as ``markup``, ``ruby``, ``homoglyphs``, ``spaced``, ``invisible``, ``base64``,
    ``hex``, ``url``, ``escapes``, ``rot13``.
    """

    text: str
    traced: Traced
    path: tuple[str, ...] = ()

    def to_original(self, interval: Interval) -> Interval:
        """Return the smallest interval of the original that holds what ``interval`` came from.

        Raises: ValueError: the interval is empty or ends after the text.
        """
        return self.traced.to_source(interval)

    @property
    def is_decoded(self) -> bool:
        """Return whether somebody encoded or hid this text: it is not what a reader sees."""
        return bool(set(self.path) & _HIDING)


_HIDING = {"invisible", *(name for name, _, _ in DECODERS)}


def unfold(text: str) -> tuple[Layer, ...]:
    """Return all readings of ``text``, the normalised one first, without repetition.

    At most ``MAX_LAYERS`` readings, encodings inside encodings to ``MAX_DEPTH``. The work is linear
    in the length of the text times the depth.

    >>> [(layer.path, layer.text) for layer in unfold("5bGx55Sw5aSq6YOO")]
    [((), '5bGx55Sw5aSq6YOO'), (('base64',), '山田太郎')]
    """
    found: dict[str, Layer] = {}
    _unfold(as_written(text), (), MAX_DEPTH, found)
    return tuple(found.values())


def _unfold(source: Traced, path: tuple[str, ...], depth: int, found: dict[str, Layer]) -> None:
    """Add the readings of ``source``, whose places already lie in the original, to ``found``."""
    written = _normalised(source)
    if len(found) >= MAX_LAYERS or (written.text in found and found):
        return
    found[written.text] = Layer(written.text, written, path)
    # Where each character became one other, or none changed, nothing stood there that is invisible.
    hidden = (
        []
        if isinstance(written.starts, range) or source.text.isascii()
        else [(piece.onto(source), "invisible") for piece in decode_invisible(source.text)]
    )
    cleaned, steps = _clean(written)
    if steps and len(found) < MAX_LAYERS:
        found.setdefault(cleaned.text, Layer(cleaned.text, cleaned, path + steps))
    if depth == 0:
        return
    for piece, name in hidden:
        _unfold(piece, (*path, name), depth - 1, found)
    for base, way in ((written, path), *([(cleaned, path + steps)] if steps else [])):
        for piece, name in _decode(base):
            _unfold(piece, (*way, name), depth - 1, found)


def _normalised(source: Traced) -> Traced:
    normal = normalise(source.text)
    if normal.text == source.text:
        return source
    return Traced(normal.text, normal.starts, normal.ends).onto(source)


def _clean(base: Traced) -> tuple[Traced, tuple[str, ...]]:
    """Return ``base`` after the steps that changed something, and their names."""
    names: list[str] = []
    for name, need, step in STEPS:
        if need.search(base.text) is None:
            continue
        after = step(base.text)
        if after.text != base.text:
            base = _normalised(after.onto(base))
            names.append(name)
    return base, tuple(names)


def _decode(base: Traced) -> Iterator[tuple[Traced, str]]:
    for name, need, decoder in DECODERS:
        if need.search(base.text) is not None:
            for piece in decoder(base.text):
                if piece.text != base.text:
                    yield piece.onto(base), name
