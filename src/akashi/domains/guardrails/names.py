"""Names of persons: a small model over words, and what lists and honorifics make certain."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from importlib.resources import as_file, files
from pathlib import Path

from akashi.core.errors import SetupError
from akashi.domains.guardrails.model import Kind
from akashi.domains.guardrails.name_features import (
    GROUPS,
    Group,
    View,
    alone,
    by_part,
    by_roles,
    by_shape,
    on_the_left,
    on_the_right,
    view_words,
)
from akashi.domains.guardrails.name_rules import (
    find_certain,
    is_bare_place,
    is_everyday_word,
    is_place_or_firm,
    trim_name,
)
from akashi.domains.guardrails.numbers import Hit
from akashi.language.words import Word, read_words

_ENDS = frozenset("。!?！？")
LABELS = "OBI"
"""Outside, begins and inside a name, in the order of the weights."""
Span = tuple[int, int]
Weights = tuple[float, float, float]


def split_sentences(words: Sequence[Word]) -> Iterator[list[Word]]:
    """Yield the words of each sentence or line."""
    sentence: list[Word] = []
    for word in words:
        sentence.append(word)
        if word.surface[-1] in _ENDS or "\n" in word.surface:
            yield sentence
            sentence = []
    if sentence:
        yield sentence


class PersonModel:
    """The name model: a linear-chain conditional random field over the words of a sentence.

    Learnt by python-crfsuite (scripts/train_names.py) and read from a table of weights, because most
    features of a text are unknown to the model and looking up the known ones here takes a third of
    the time of handing all of them over. The most probable labels are found by Viterbi's algorithm.
    """

    def __init__(self, path: Path) -> None:
        weights: dict[str, Weights] = {}
        for line in path.read_text(encoding="utf-8").splitlines():
            if not line.startswith("#"):
                name, *values = line.split("\t")
                weights[name] = (float(values[0]), float(values[1]), float(values[2]))
        self._moves = tuple(weights.pop(f"{label}>") for label in LABELS)
        # What a feature says for B (real part) and for I (imaginary part) against O: two numbers in one,
        # because adding them up is most of the work and costs half of it so.
        self._weights = {name: complex(b - o, i - o) for name, (o, b, i) in weights.items()}
        self._alone, self._left = self._remembered(alone), self._remembered(on_the_left)
        self._right, self._parts = self._remembered(on_the_right), self._remembered(by_part)
        self._shapes, self._roles = self._remembered(by_shape), self._remembered(by_roles)
        self._before, self._after = self._remembered(GROUPS[9]), self._remembered(GROUPS[10])

    def _remembered(self, group: Group) -> Callable[..., complex]:
        """Return what the features of a group say, remembered for what the group looks at."""
        return functools.lru_cache(20_000)(lambda *parts: self._sum(group(*parts)))

    def _sum(self, features: Iterable[str]) -> complex:
        known, total = self._weights, 0j
        for feature in features:
            total += known.get(feature, 0j)
        return total

    def find(self, text: str) -> Iterator[Span]:
        """Yield where the persons of a normalised text stand."""
        yield from self.find_in(read_words(text))

    def find_in(self, words: Sequence[Word]) -> Iterator[Span]:
        """Yield where the persons among ``words`` stand."""
        for sentence in split_sentences(words):
            row = view_words(sentence)
            if any(map(is_candidate, sentence, row[2:])):
                yield from _join(sentence, self.label(row))

    def label(self, row: Sequence[View]) -> list[str]:
        """Return the label of each word of a row of views, two edges on each side excluded."""
        (oo, ob, oi), (bo, bb, bi), (io, ib, ii) = self._moves
        first = self._evidence(row, 2)
        out, begin, inside = 0.0, first.real, first.imag
        paths: list[tuple[int, int, int]] = []
        for at in range(3, len(row) - 2):
            said = self._evidence(row, at)
            to_out = _best(out + oo, begin + bo, inside + io)
            to_begin = _best(out + ob, begin + bb, inside + ib)
            to_inside = _best(out + oi, begin + bi, inside + ii)
            paths.append((to_out[1], to_begin[1], to_inside[1]))
            out, begin, inside = to_out[0], to_begin[0] + said.real, to_inside[0] + said.imag
        best = _best(out, begin, inside)[1]
        labels = [best]
        for path in reversed(paths):
            best = path[best]
            labels.append(best)
        return [LABELS[one] for one in reversed(labels)]

    def _evidence(self, row: Sequence[View], at: int) -> complex:
        """Return what the word at ``at`` and its neighbours say for B and I against O."""
        before2, before, this, after, after2 = row[at - 2 : at + 3]
        part, left, right = this.part, before.surface, after.surface
        said = self._alone(this) + self._left(before) + self._right(after)
        said += self._parts(before2.part, before.part, part, after.part, after2.part)
        said += self._shapes(before.shape, this.shape, after.shape)
        said += self._roles(before2.roles, before.roles, this.roles, after.roles, after2.roles, part)
        said += self._before(left, part) + self._after(part, right)
        # Pairs of words are too many to be remembered.
        return said + self._sum(_WORDS_BEFORE(before2.surface, left) + _WORDS_AFTER(right, after2.surface))


_WORDS_BEFORE, _WORDS_AFTER = GROUPS[11:]


def _best(out: float, begin: float, inside: float) -> tuple[float, int]:
    if out > begin:
        return (out, 0) if out > inside else (inside, 2)
    return (begin, 1) if begin > inside else (inside, 2)


def _join(words: Sequence[Word], labels: Iterable[str]) -> Iterator[Span]:
    start = end = -1
    for word, label in zip(words, labels, strict=True):
        if label == "I" and start >= 0:
            end = word.end
            continue
        if start >= 0:
            yield start, end
        start, end = (word.start, word.end) if label != "O" else (-1, -1)
    if start >= 0:
        yield start, end


def is_candidate(word: Word, view: View) -> bool:
    """Return whether a word can be part of a name; sentences without one are not analysed."""
    if not word.known:
        return not word.surface.isascii() or word.surface[0].isupper()
    if "固有名詞" in word.tag:
        return True
    return bool({"S", "s", "R"} & set(view.roles)) or (
        len(word.surface) > 2 and "ァ" <= word.surface[0] <= "ヴ"
    )


@functools.cache
def person_model() -> PersonModel:
    """Return the shipped model.

    Raises: SetupError: its weights are missing.
    """
    weights = files("akashi.domains.guardrails").joinpath("data/share_alike/names.tsv")
    with as_file(weights) as path:
        if not path.is_file():
            raise SetupError(
                "The name model is missing. Run: python scripts/train_names.py ../shared/data/names"
            )
        return PersonModel(path)


def find_names(text: str) -> Iterator[Hit]:
    """Yield the persons of a normalised text, the model's and the certain ones."""
    if not _LETTER.search(text):
        return
    words = read_words(text)
    guessed = (trim_name(text, *span) for span in person_model().find_in(words))
    kept = (one for one in guessed if not is_everyday_word(words, *one) and not is_bare_place(text, *one))
    spans = [*find_certain(text, words), *kept]
    for start, end in spans:
        if end > start and not is_place_or_firm(text, start, end):
            yield Hit(start, end, Kind.PERSON, "A person's name.")


_LETTER = re.compile(r"[^\x00-\x40\x5b-\x60\x7b-\x7f]")
